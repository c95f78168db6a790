import { defaultSettings, renderWebhook } from '../../../lib/engines/webhook';
import { webhookDrift } from '../../../lib/engines/webhook/drift';
import { put, smallPolicy, without } from '../../policy/documents';

const VERIFIER = { name: 'proofgate-verifier', namespace: 'proofgate' };
const AUDITED = { ...smallPolicy, metadata: { name: 'trial' }, spec: { ...smallPolicy.spec, images: ['ghcr.io/acme/trial/**'], action: { type: 'Audit' as const, reason: 'r', owner: 'o', until: '2030-01-01' } } };
const DOCUMENTS = [smallPolicy, AUDITED];

const rendered = Object.fromEntries(renderWebhook({ documents: DOCUMENTS, trustRoots: [], settings: defaultSettings }).map((object) => [object.kind, object]));
const VALIDATING = rendered['ValidatingWebhookConfiguration']!;
const MUTATING = rendered['MutatingWebhookConfiguration']!;

const drift = (validating: unknown, mutating: unknown = MUTATING): string[] => (
  webhookDrift(DOCUMENTS, VERIFIER, { ValidatingWebhookConfiguration: validating, MutatingWebhookConfiguration: mutating })
);

test('what was rendered has not drifted, nor has what the API server makes of it', () => {
  expect(drift(VALIDATING)).toEqual([]);
  const kept = [['clientConfig.caBundle', 'eA=='], ['objectSelector', {}], ['matchConditions', []]].reduce<object>((object, [path, value]) => put(object, `webhooks.0.${path as string}`, value), VALIDATING);
  expect(drift(put(kept, 'metadata.resourceVersion', '7'))).toEqual([]);
  expect(drift(VALIDATING, put(MUTATING, 'webhooks.0.clientConfig.caBundle', 'eA=='))).toEqual([]);
  expect(drift(without(VALIDATING, 'webhooks.0.clientConfig.service.port'))).toEqual([]);
});

test('a timeout may be tuned', () => {
  expect(drift(put(VALIDATING, 'webhooks.0.timeoutSeconds', 15))).toEqual([]);
});

test.each<[string, string, unknown, RegExp]>([
  ['a failure that admits', 'webhooks.0.failurePolicy', 'Ignore', /validate-all\.\S+: failurePolicy is "Ignore", expected "Fail"/],
  ['an object that may opt out', 'webhooks.0.objectSelector', { matchLabels: { checked: 'yes' } }, /objectSelector is {"matchLabels":{"checked":"yes"}}, expected {}/],
  ['a condition', 'webhooks.0.matchConditions', [{ name: 'a', expression: 'false' }], /matchConditions is \[/],
  ['a namespace that is left out', 'webhooks.0.namespaceSelector.matchExpressions.0.values', ['kube-system', 'proofgate', 'shop'], /namespaceSelector is/],
  ['an operation that is left out', 'webhooks.0.rules.0.operations', ['CREATE'], /rules is/],
  ['rules that are gone', 'webhooks.0.rules', [], /rules is \[\], expected \[/],
  ['another Service', 'webhooks.0.clientConfig.service.name', 'mine', /clientConfig is/],
  ['another port', 'webhooks.0.clientConfig.service.port', 8443, /clientConfig is/],
  ['an address elsewhere', 'webhooks.0.clientConfig', { url: 'https://evil.example/validate' }, /clientConfig is/],
  ['another path', 'webhooks.0.clientConfig.service.path', '/audit', /clientConfig is/],
  ['an entry by another name', 'webhooks.0.name', 'mine.acme.example', /validate-all\.\S+ is missing/],
  ['an entry of the audit window that blocks', 'webhooks.1.failurePolicy', 'Fail', /audit-all\.\S+: failurePolicy is "Fail", expected "Ignore"/],
  ['a field that is new', 'webhooks.0.excludeEverything', true, /excludeEverything is true, expected absent/],
])('P13: %s is told', (_claim, path, value, told) => {
  expect(drift(put(VALIDATING, path, value)).join('\n')).toMatch(told);
});

test('P13: entries that are missing, foreign or there twice are told, and configurations that are missing', () => {
  const [first, second] = VALIDATING['webhooks'] as [object, object];
  expect(drift({ ...VALIDATING, webhooks: [first] })).toEqual([expect.stringMatching(/^audit-all\.\S+ is missing$/)]);
  expect(drift({ ...VALIDATING, webhooks: [first, second, first] })).toEqual([expect.stringMatching(/^validate-all\.\S+ is there twice$/)]);
  expect(drift({ ...VALIDATING, webhooks: [first, second, { ...first, name: 'mine' }] })).toEqual(['mine was not synthesized']);
  expect(drift({ ...VALIDATING, webhooks: undefined })).toHaveLength(2);
  expect(drift(undefined, null)).toEqual(['ValidatingWebhookConfiguration proofgate-verifier is missing', 'MutatingWebhookConfiguration proofgate-verifier is missing']);
});

test('policies that are another scope are another configuration', () => {
  expect(webhookDrift([put(smallPolicy, 'spec.namespaces', { names: ['shop'] }) as typeof smallPolicy], VERIFIER, { ValidatingWebhookConfiguration: VALIDATING, MutatingWebhookConfiguration: MUTATING }).join('\n'))
    .toContain('validate-named.proofgate-verifier.proofgate.dev is missing');
});
