import { readFileSync } from 'node:fs';
import { lintManifests, RULES } from '../../lib/refusals';
import { path, render } from '../../scripts/docs/lint';
import { findings, sources } from '../samples/samples';
import { parse } from 'yaml';

const page = render();

test('the written page is what the samples say', () => {
  expect(readFileSync(path, 'utf8')).toBe(page);
});

test('every file that is named was judged, with digest and commit, and nothing else', () => {
  const names = (repositories: { readonly [repository: string]: object }): string[] => Object.entries(repositories).flatMap(([repository, files]) => Object.keys(files).map((file) => `${repository} ${file}`));
  expect(names(findings())).toEqual(names(Object.fromEntries(Object.entries(sources()).map(([repository, { files }]) => [repository, files]))));
  expect(Object.values(sources()).flatMap(({ commit, files }) => [commit.replace(/^[0-9a-f]{40}$/, ''), ...Object.values(files).map((digest) => digest.replace(/^[0-9a-f]{64}$/, ''))].filter((rest) => rest !== ''))).toEqual([]);
});

test('every rule that found something is one of today', () => {
  const codes = new Set(Object.values(findings()).flatMap((files) => Object.values(files).flatMap((sample) => Object.keys(sample.findings ?? {}))));
  expect(codes).toContain('IMAGE_VAP_UNSEEN');
  expect([...codes].filter((code) => !RULES.some((rule) => rule.code === code))).toEqual([]);
});

test('the policy that the page recommends has no findings', () => {
  const [, text = ''] = /```yaml\n([^]*?)```/.exec(page) ?? [];
  const spec = {
    failurePolicy: 'Fail',
    matchConstraints: { resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods', 'pods/ephemeralcontainers'] }] },
    ...parse(text) as { variables: object[] },
  };
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const binding = { apiVersion, kind: 'ValidatingAdmissionPolicyBinding', metadata: { name: 'images' }, spec: { policyName: 'images', validationActions: ['Deny'] } };
  const judged = (changes: object): string[] => lintManifests([{ apiVersion, kind: 'ValidatingAdmissionPolicy', metadata: { name: 'images' }, spec: { ...spec, ...changes } }, binding], 0).map(({ code }) => code);
  expect(spec.variables).toHaveLength(3);
  expect([judged({}), judged({ variables: spec.variables.slice(2) })]).toEqual([[], ['IMAGE_VAP_UNSEEN']]);
});
