import { defaultSettings, renderWebhook } from '../../lib/engines/webhook';
import { ImagePolicy } from '../../lib/policy/document';
import { INVALID_DOCUMENT, judgeManifests, RULES } from '../../lib/refusals';
import { fullPolicy, put, smallPolicy } from '../policy/documents';

const NOW = Date.UTC(2029, 11, 1);
const SETTINGS = { ...defaultSettings, registries: [], image: `ghcr.io/proofgate/verifier@sha256:${'a1'.repeat(32)}` };
const render = (documents: readonly ImagePolicy[]): readonly object[] => renderWebhook({ documents, trustRoots: [], settings: SETTINGS });
const BUNDLE = render([smallPolicy]);

/** What would weaken enforcement, the code that refuses it, and the input; its twin without the change is sound. */
interface Item {
  readonly item: string;
  readonly code: string;
  readonly weakened: readonly unknown[];
}

/** A document with another value at a place. */
const document = (item: string, place: string, value: unknown, of: object = fullPolicy): Item => ({ item, code: INVALID_DOCUMENT, weakened: [put(of, place, value)] });

/** The rendered objects, of one kind of which another value stands at a place. */
const object = (item: string, code: string, kind: string, place: string, value: unknown): Item => ({
  item, code, weakened: BUNDLE.map((manifest) => (Reflect.get(manifest, 'kind') === kind ? put(manifest, place, value) : manifest)),
});
const entries = (item: string, code: string, field: string, value: unknown): Item => object(item, code, 'ValidatingWebhookConfiguration', `webhooks.0.${field}`, value);
const notIn = (...values: string[]): object => ({ matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values }] });
const withoutKind = (kind: string): readonly unknown[] => BUNDLE.filter((manifest) => Reflect.get(manifest, 'kind') !== kind);
const rule = (index: number): { readonly [field: string]: readonly string[] } => {
  const webhook = BUNDLE.find((manifest) => Reflect.get(manifest, 'kind') === 'ValidatingWebhookConfiguration') as { webhooks: [{ rules: Array<{ [field: string]: string[] }> }] };
  return webhook.webhooks[0].rules[index] ?? {};
};
const resources = (without: string): readonly string[] => (rule(0)['resources'] ?? []).filter((resource) => resource !== without);
const guardVariables = (name: string, expression: string): unknown => {
  const policy = BUNDLE.find((manifest) => Reflect.get(manifest, 'kind') === 'ValidatingAdmissionPolicy') as { spec: { variables: Array<{ name: string; expression: string }> } };
  return policy.spec.variables.map((variable) => (variable.name === name ? { name, expression } : variable));
};
const changed = (of: object, changes: { readonly [place: string]: unknown }): object => Object.entries(changes).reduce((value, [place, to]) => put(value, place, to), of);
const level3 = changed(fullPolicy, {
  'spec.attestors.release.subject': { workflow: 'https://github.com/acme/builders/.github/workflows/b.yml', refs: ['refs/heads/main'] },
  'spec.attestors.release.certificate': { sourceRepositoryUri: 'https://github.com/acme/payments' },
  'spec.attestors.release.topLevel': 'notRequired',
  'spec.requirements.1.checks.level': 3,
  'spec.action': { type: 'Deny' },
});
const isolated = put(level3, 'spec.attestors.release.subject.refs', ['refs/tags/v*']);
const raw = (clientConfig: object): object => ({
  apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration', metadata: { name: 'mine' }, webhooks: [{ name: 'a.b.c', clientConfig, failurePolicy: 'Ignore' }],
});
const large = 'x'.repeat(600_000);

/** Everything that the design lists, in its order. */
const ITEMS: readonly Item[] = [
  entries('S06: failurePolicy not Fail', 'FAILURE_POLICY', 'failurePolicy', 'Ignore'),
  document('S06: action not Deny', 'spec.action.type', 'Warn'),
  document('S06: audit without end', 'spec.action', { type: 'Audit', reason: 'r', owner: 'o' }),
  { item: 'S06: audit that is over', code: 'EXPIRED', weakened: [put(fullPolicy, 'spec.action.until', '2025-12-31')] },
  document('S02: empty identity', 'spec.attestors.release.subject', ''),
  document('S02: half identity', 'spec.attestors.release.subject', 'https://github.com/acme/payments/'),
  document('S01: wildcard identity', 'spec.attestors.release.subject', 'https://github.com/acme/*'),
  document('S01: unanchored identity', 'spec.attestors.release.subject', '^https://github.com/acme/.+'),
  document('S01: issuer not https', 'spec.attestors.release.issuer', 'http://token.actions.githubusercontent.com'),
  { item: 'mutable builder ref', code: 'MUTABLE_BUILDER_REF', weakened: [level3] },
  { item: 'a level 3 builder of the source itself', code: 'BUILDER_NOT_ISOLATED', weakened: [put(isolated, 'spec.attestors.release.subject.workflow', 'https://github.com/acme/payments/.github/workflows/b.yml')] },
  { item: 'a level 3 builder whose build signer is of the source itself', code: 'BUILDER_NOT_ISOLATED',
    weakened: [put(isolated, 'spec.attestors.release.certificate.buildSignerUri', 'https://github.com/acme/payments/.github/workflows/b.yml@refs/tags/v1')] },
  { item: 'a person as level 3 builder', code: 'BUILDER_NOT_ISOLATED', weakened: [put(isolated, 'spec.attestors.release.subject', 'ada@acme.test')] },
  { item: 'a key as level 3 builder', code: 'BUILDER_NOT_ISOLATED', weakened: [put(isolated, 'spec.requirements.1.attestors', ['release', 'hardware'])] },
  document('S02: empty attestors', 'spec.requirements.0.attestors', []),
  document('empty requirements', 'spec.requirements', []),
  document('threshold 0', 'spec.requirements.0.threshold', 0),
  document('threshold above the number of attestors', 'spec.requirements.0.threshold', 3),
  document('S04: declared and never used', 'spec.attestors.spare', smallPolicy.spec.attestors['release']),
  document('S04: unmatched images allowed, by the document', 'spec.unmatched', 'allow'),
  entries('S04: unmatched images allowed, by not asking', 'NAMESPACE_UNJUDGED', 'namespaceSelector', notIn('kube-system', 'proofgate', 'production')),
  document('image pattern that matches nothing', 'spec.images.0', 'ghcr.io/Acme/**'),
  document('S01: image pattern that matches everything', 'spec.images.0', '**'),
  document('S01: image pattern that matches a look-alike', 'spec.images.0', 'ghcr.io/acme*'),
  document('tags allowed without pinning', 'spec.tags', 'allow'),
  entries('S09: missing CREATE', 'RULES_INCOMPLETE', 'rules.0.operations', ['UPDATE']),
  entries('S09: missing UPDATE', 'RULES_INCOMPLETE', 'rules.0.operations', ['CREATE']),
  entries('S09: missing workload kind', 'RULES_INCOMPLETE', 'rules.0.resources', resources('podtemplates')),
  entries('S09: missing pods/ephemeralcontainers', 'RULES_INCOMPLETE', 'rules.0.resources', resources('pods/ephemeralcontainers')),
  object('missing init containers', 'GUARD', 'ValidatingAdmissionPolicy', 'spec.variables', guardVariables('references', 'variables.podSpec.containers.map(c, c.image)')),
  object('missing image volumes', 'GUARD', 'ValidatingAdmissionPolicy', 'spec.variables', guardVariables('references', '[]')),
  entries('S09: objectSelector', 'OBJECT_SELECTOR', 'objectSelector', { matchExpressions: [{ key: 'skip', operator: 'DoesNotExist' }] }),
  entries('matchConditions that exempt', 'MATCH_CONDITIONS', 'matchConditions', [{ name: 'a', expression: 'false' }]),
  entries('namespace exemption by a label that tenants can set', 'NAMESPACE_EXEMPTION', 'namespaceSelector.matchExpressions.1', { key: 'skip', operator: 'NotIn', values: ['yes'] }),
  entries('guarding only namespaces with a label that tenants can remove', 'NAMESPACE_UNJUDGED', 'namespaceSelector.matchLabels', { guarded: 'yes' }),
  object('nothing asked', 'NOTHING_ENFORCED', 'ValidatingWebhookConfiguration', 'webhooks', []),
  entries('timeout of nothing', 'TIMEOUT', 'timeoutSeconds', 0),
  entries('timeout above 30 s', 'TIMEOUT', 'timeoutSeconds', 31),
  entries('timeout not above the verifier\'s own deadline', 'TIMEOUT', 'timeoutSeconds', defaultSettings.deadlineSeconds),
  entries('matchPolicy not Equivalent', 'MATCH_POLICY', 'matchPolicy', 'Exact'),
  entries('sideEffects not None', 'SIDE_EFFECTS', 'sideEffects', 'NoneOnDryRun'),
  object('one replica', 'REPLICAS', 'Deployment', 'spec.replicas', 1),
  { item: 'no disruption budget', code: 'DISRUPTION_BUDGET', weakened: withoutKind('PodDisruptionBudget') },
  object('a disruption budget that holds nobody back', 'DISRUPTION_BUDGET', 'PodDisruptionBudget', 'spec.maxUnavailable', '100%'),
  entries('webhook guarding its own namespace', 'OWN_NAMESPACE', 'namespaceSelector', notIn('kube-system')),
  object('verifier image by tag', 'VERIFIER_IMAGE', 'Deployment', 'spec.template.spec.containers.0.image', 'ghcr.io/proofgate/verifier:1'),
  object('verifier in a namespace of the cluster', 'VERIFIER_NAMESPACE', 'Deployment', 'metadata.namespace', 'default'),
  object('operators that everybody is', 'OPERATOR_GROUPS', 'ValidatingAdmissionPolicy', 'spec.variables', guardVariables('operatorGroups', '[\'system:serviceaccounts:ci\']')),
  object('operators that cannot be read', 'OPERATOR_GROUPS', 'ValidatingAdmissionPolicy', 'spec.variables', guardVariables('operatorGroups', 'request.userInfo.groups')),
  { item: 'a second object of the same kind and name', code: 'DUPLICATE_OBJECT', weakened: [...BUNDLE, BUNDLE[0]] },
  { item: 'raw webhook configuration pointing at the verifier', code: 'FOREIGN_WEBHOOK', weakened: [...BUNDLE, raw({ service: { name: 'proofgate-verifier', namespace: 'proofgate' } })] },
  { item: 'raw webhook configuration pointing at it by URL', code: 'FOREIGN_WEBHOOK', weakened: [...BUNDLE, raw({ url: 'https://proofgate-verifier.proofgate.svc:443/validate' })] },
  document('engine cannot express', 'spec.requirements.1.checks.type', 'cel'),
  object('engine version too old: another verifier than the guard was rendered for', 'GUARD', 'Deployment', 'spec.template.spec.containers.0.image', `ghcr.io/proofgate/verifier@sha256:${'b2'.repeat(32)}`),
  {
    item: 'engine cannot express',
    code: 'ENGINE_CANNOT',
    weakened: [{
      apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingAdmissionPolicy',
      metadata: {
        name: 'native', labels: { 'app.kubernetes.io/part-of': 'proofgate', 'proofgate.dev/engine': 'native' }, annotations: { 'proofgate.dev/documents': JSON.stringify([smallPolicy]) },
      },
    }],
  },
  document('unknown value', 'spec.attestors.release.issuer', 'https://undefined'),
  document('lazy value', 'spec.attestors.release.subject', 'https://${Token[TOKEN.12]}'),
  document('text that would break out of a literal', 'spec.action.owner', 'team\n\'"'),
  document('name that Kubernetes would reject, in a document', 'metadata.name', 'Payments_1'),
  object('name that Kubernetes would reject, in an object', 'OBJECT_NAME', 'NetworkPolicy', 'metadata.name', 'Proofgate Verifier'),
  object('name that Kubernetes would reject, of a Service', 'OBJECT_NAME', 'Service', 'metadata.name', '1verifier'),
  entries('name that Kubernetes would reject, of an entry', 'OBJECT_NAME', 'name', 'validate'),
  document('document larger than a ConfigMap', 'spec.action.reason', large),
  object('ConfigMap larger than Kubernetes stores', 'TOO_LARGE', 'ConfigMap', 'data', { 'a': large, 'policy.json': large }),
];

test.each(ITEMS)('$item is refused as $code', ({ code, weakened }) => {
  expect(judgeManifests(weakened, NOW).map((finding) => finding.code)).toContain(code);
});

test('the twins of all are sound: what was rendered, and the documents that were changed', () => {
  expect(judgeManifests(BUNDLE, NOW)).toEqual([]);
  expect(judgeManifests([fullPolicy], NOW)).toEqual([]);
  expect(judgeManifests([isolated], NOW)).toEqual([]);
  expect(judgeManifests([put(isolated, 'spec.attestors.release.subject', `https://github.com/acme/builders/.github/workflows/b.yml@${'a1'.repeat(20)}`)], NOW)).toEqual([]);
});

test('every finding says where it is, what is wrong and what to do', () => {
  for (const finding of ITEMS.flatMap(({ weakened }) => judgeManifests(weakened, NOW))) {
    expect(finding.object).toMatch(/^[A-Za-z]+ \S/);
    expect(finding.message).toMatch(/\S.{8,}/);
    expect(finding.remedy).toMatch(/^[A-Z].+[.…]$/);
  }
});

test('every rule refuses something of the set, or guards the way in which another is kept', () => {
  const used = new Set(ITEMS.map(({ code }) => code));
  // Policies for Kyverno and for policy-controller, and admission objects of others, have sets of their own (kyverno.test.ts, policy-controller.test.ts, image-admission.test.ts).
  expect(RULES.filter(({ lintOnly }) => lintOnly !== true).map(({ code }) => code).filter((code) => !used.has(code) && !/^(?:KYVERNO|POLICY_CONTROLLER)_/.test(code))).toEqual([
    'API_VERSION', 'AUDIT_CAN_BLOCK', 'AUDIT_WITHOUT_EFFECT', 'BRANCH_WILDCARD', 'DEPLOYER_SKIPS', 'EXEMPTION_WITHOUT_EFFECT', 'ISSUER_LOCKED_OUT', 'NAMESPACE_DIVIDED', 'NATIVE_POLICY', 'OBJECT_LIFETIME', 'POLICY_CONTENT', 'POLICY_UNREAD',
    'TRUST_ROOT_MISSING', 'UNENFORCED', 'UNLABELLED', 'VERIFIER_AUTHORITY', 'VERIFIER_COMMAND', 'VERIFIER_FILES', 'VERIFIER_PRIVILEGES', 'VERIFIER_RIGHTS', 'WEBHOOK_ENTRY', 'WEBHOOK_SERVICE',
    'WINDOW_TOO_LONG',
  ]);
});
