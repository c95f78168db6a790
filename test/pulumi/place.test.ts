import { places } from '../../lib/authoring/place';
import { defaultSettings, renderWebhook, webhookEngine } from '../../lib/engines/webhook';
import { ImagePolicy, KeylessAttestor } from '../../lib/policy/document';
import { Declarations } from '../../lib/pulumi/declarations';
import { Enforcement } from '../../lib/pulumi/enforcement';
import { resourceName } from '../../lib/pulumi/resource-name';
import { smallPolicy } from '../policy/documents';

/** What is refused of a verifier with two policies, of which the second names this ref. */
function render(ref: string): void {
  const enforcement = new Enforcement('verifier', webhookEngine(defaultSettings));
  const [[name, attestor] = ['', undefined]] = Object.entries(smallPolicy.spec.attestors);
  const subject: KeylessAttestor['subject'] = { workflow: 'https://github.com/acme/payments/.github/workflows/release.yml', refs: ['refs/tags/v*', ref] };
  const second: ImagePolicy = {
    ...smallPolicy, metadata: { name: 'second' }, spec: { ...smallPolicy.spec, images: ['ghcr.io/acme/second/**'], attestors: { [name]: { ...attestor as KeylessAttestor, subject } } },
  };
  for (const [path, document] of [['first', smallPolicy], ['second', second]] as const) {
    enforcement.enforce(path, document, [], places(path, { attestors: new Map([[name, { path: `${path}-ci`, names: { subjectRefs: 'refs' } }]]), requirements: [] }));
  }
  enforcement.render(new Declarations());
}

test('G15: the Roles by which pull Secrets of several namespaces are read are resources of different names', () => {
  const settings = { ...defaultSettings, registries: [{ host: 'ghcr.io', pullSecrets: ['pull'] }] };
  const document = { ...smallPolicy, spec: { ...smallPolicy.spec, images: ['ghcr.io/acme/**'], namespaces: { names: ['shop', 'bank'] } } };
  const names = renderWebhook({ documents: [document], trustRoots: [], settings }).filter(({ kind }) => kind === 'Role').map(resourceName);
  expect(names.sort()).toEqual(['proofgate-verifier-pull-bank-role', 'proofgate-verifier-pull-shop-role', 'proofgate-verifier-role']);
});

test('a finding about a part of a document names the component and the argument that say it', () => {
  expect(() => render('refs/heads/*')).toThrow('[BRANCH_WILDCARD] second-ci: refs[1]: refs/heads/* matches branches that are new.');
  expect(() => render('refs/heads/main')).not.toThrow();
});
