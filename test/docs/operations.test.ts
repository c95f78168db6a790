import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { codeBlocks, synthesize } from './pages';

const page = readFileSync('docs/operations.md', 'utf8');

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [field: string]: unknown;
}

const manifests = parseAllDocuments(Object.values(synthesize('quickstart')).join('---\n')).map((document) => document.toJS() as Manifest);
const of = (kind: string): Manifest => {
  const found = manifests.find((manifest) => manifest.kind === kind);
  if (found === undefined) {
    throw new Error(`the quickstart writes no ${kind}`);
  }
  return found;
};

test('every object that a command on the page names is one that is written', () => {
  const commands = codeBlocks(page, 'sh').join('').split('\n').map((line) => line.replace(/ +# .*/, ''));
  const named = commands.flatMap((line) => {
    const [, kinds = '', name = ''] = /^kubectl .*?(?:delete|status) ([a-z,]+) (\S+)$/.exec(line) ?? [];
    return kinds.split(',').filter((kind) => kind !== '').map((kind) => `${kind} ${name}`);
  });
  expect(named).toContain('mutatingwebhookconfiguration proofgate-verifier');
  expect(named).toContain('deployment proofgate-verifier');
  const written = manifests.map(({ kind, metadata: { name } }) => `${kind.toLowerCase()} ${name}`);
  expect(named.filter((object) => !written.includes(object))).toEqual([]);
});

test('who comes back from the emergency exit asks about every position from which an image runs', () => {
  const wayBack = codeBlocks(page, 'sh').filter((block) => block.includes('proofgate verify'));
  expect(wayBack).toHaveLength(1);
  const asked = [...(wayBack[0] ?? '').matchAll(/\{\.items\[\*\]\.([^}]+)\}/g)].map(([, path]) => path);
  expect(asked).toEqual(['status.containerStatuses[*].imageID', 'status.initContainerStatuses[*].imageID', 'status.ephemeralContainerStatuses[*].imageID', 'spec.volumes[*].image.reference']);
});

test('what the verifier writes is not in the file', () => {
  expect(JSON.stringify(manifests)).not.toContain('caBundle');
  expect(page).toContain(`\`${of('Secret').metadata.name}\``);
  expect(of('Secret')).not.toHaveProperty('data');
});

test('the configurations that enforce come last, and the namespace first', () => {
  const kinds = manifests.map(({ kind }) => kind);
  expect([kinds[0], ...kinds.slice(-2)]).toEqual(['Namespace', 'ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration']);
});

test('numbers on the page are those that are written', () => {
  const webhooks = of('ValidatingWebhookConfiguration')['webhooks'] as Array<{ timeoutSeconds: number }>;
  const text = JSON.stringify(of('Deployment'));
  expect(page).toContain(`\`timeoutSeconds\` (${webhooks[0]?.timeoutSeconds})`);
  expect(page).toContain(`\`deadlineSeconds\` (${/"--deadline","(\d+)"/.exec(text)?.[1]})`);
  expect(page).toContain(`on port ${/"containerPort":(\d+)/.exec(text)?.[1]}, through the Service's port ${/"port":(\d+)/.exec(JSON.stringify(of('Service')))?.[1]}`);
  const labels = Object.entries((of('Deployment')['spec'] as { selector: { matchLabels: object } }).selector.matchLabels).map(([key, value]) => `'${key}': '${value}'`).join(', ');
  const selector = `podSelector: { matchLabels: { ${labels} } },\n    policyTypes:`;
  expect(page.split(selector)).toHaveLength(1 + page.split("kind: 'NetworkPolicy'").length - 1);
  expect(page).toContain(`ports: [{ port: ${/"containerPort":(\d+)/.exec(text)?.[1]}, protocol: 'TCP' }],`);
  const egress = (of('NetworkPolicy')['spec'] as { egress: Array<{ ports: Array<{ port: number }> }> }).egress[1]?.ports.map(({ port }) => port) ?? [];
  expect(page).toContain(`ports ${egress.join(' and ')}, and the ports of the registries`);
});

test('what is not asked about is in no rule', () => {
  const rules = (of('ValidatingWebhookConfiguration')['webhooks'] as Array<{ rules: Array<{ operations: string[]; resources: string[] }> }>).flatMap((entry) => entry.rules);
  expect([...new Set(rules.flatMap(({ operations }) => operations))].sort()).toEqual(['CREATE', 'UPDATE']);
  expect(rules.flatMap(({ resources }) => resources).filter((resource) => /\/(?:scale|status)$|\*/.test(resource))).toEqual([]);
});
