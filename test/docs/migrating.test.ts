import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { importPolicies } from '../../lib/cli/import/policies';
import { readManifests } from '../../lib/cli/manifests/read-manifests';
import { notesAsText } from '../../lib/cli/output/imports';
import { ImagePolicy } from '../../lib/policy/document';
import { validateDocument } from '../../lib/policy/validate';
import { findings } from '../samples/samples';
import { codeBlocks } from './pages';

const page = readFileSync('docs/migrating.md', 'utf8').replace(/^ {3}/gm, '');
const folder = mkdtempSync(join(tmpdir(), 'migrating-'));
afterAll(() => rmSync(folder, { recursive: true }));

const OLD = `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata:
  name: check-image
spec:
  background: false

  validationFailureAction: Audit
  rules:
    - name: check-image
      match: { any: [{ resources: { kinds: [Pod] } }] }
      verifyImages:
        - imageReferences: [ghcr.io/acme/payments*]
          attestors:
            - entries:
                - keyless:
                    issuer: https://token.actions.githubusercontent.com
                    subject: https://github.com/acme/payments/.github/workflows/release.yml@refs/heads/main
`;

test('the page shows what is said of a policy in audit mode, and its window makes a document that can be enforced', async () => {
  writeFileSync(join(folder, 'old.yaml'), OLD);
  const result = importPolicies(await readManifests(join(folder, 'old.yaml')));
  expect(page).toContain(`\n${notesAsText(result, false).replaceAll(`${folder}/`, '')}`);
  const [window = ''] = codeBlocks(page, 'yml');
  const { spec: { action } } = parse(window) as { spec: Pick<ImagePolicy['spec'], 'action'> };
  const { document } = result.documents[0] as { document: ImagePolicy };
  expect(action).toMatchObject({ type: 'Audit' });
  expect(validateDocument({ ...document, spec: { ...document.spec, action } })).toEqual([]);
});

test('what it was tried on is what the samples are', () => {
  const tried = Object.entries(findings()).flatMap(([repository, files]) => {
    const imported = Object.values(files).flatMap((sample) => sample.imported ?? []);
    return imported.length === 0 ? [] : [{ repository, files: imported.length, documents: imported.reduce((sum, { documents }) => sum + documents, 0) }];
  });
  expect([...page.matchAll(/(\d+) of\s\[(\S+)\]/g)].map(([, files, repository]) => `${repository} ${files}`)).toEqual(tried.map(({ repository, files }) => `${repository} ${files}`));
  expect(page).toContain(`They gave ${tried.reduce((sum, { documents }) => sum + documents, 0)} documents.`);
});
