import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { nativeEngine } from '../../lib/engines/native';
import { defaultSettings, renderWebhook, WebhookSettings } from '../../lib/engines/webhook';
import { judgeManifests, judgeObject, lintManifests, RULES, StandingJudge } from '../../lib/refusals';
import { kyvernoEngine } from '../../lib/engines/kyverno';
import { policyControllerEngine } from '../../lib/engines/policy-controller';
import { ImageExemption, ImagePolicy, KeylessAttestor, NamespaceSelection, PolicyDocument } from '../../lib/policy/document';

const NOW = Date.UTC(2026, 0, 1);

const RELEASE: KeylessAttestor = {
  type: 'keyless', issuer: 'https://token.actions.githubusercontent.com', trustRoot: 'sigstore',
  subject: 'https://github.com/acme/builders/.github/workflows/build.yml@refs/tags/v1',
};
const POLICY: ImagePolicy = {
  apiVersion: 'proofgate.dev/v1',
  kind: 'ImagePolicy',
  metadata: { name: 'payments' },
  spec: {
    images: ['ghcr.io/acme/payments/**'],
    attestors: { release: RELEASE },
    requirements: [
      { type: 'signature', name: 'signature', attestors: ['release'] },
      {
        type: 'attestation', name: 'provenance', attestors: ['release'], predicateType: 'https://slsa.dev/provenance/v1',
        checks: { type: 'slsa-provenance', source: 'https://github.com/acme/payments', level: 3 },
      },
    ],
  },
};
const AUDITED: ImagePolicy = {
  ...POLICY,
  metadata: { name: 'trial' },
  spec: { ...POLICY.spec, images: ['ghcr.io/acme/trial/**'], action: { type: 'Audit', reason: 'first look', owner: 'platform@acme.example', until: '2026-06-01' } },
};

/** An object as a loose tree, which is what somebody's YAML is. */
interface Loose { [field: string]: Loose }

function render(documents: readonly PolicyDocument[] = [POLICY, AUDITED], settings: Partial<WebhookSettings> = {}): Loose[] {
  return structuredClone(renderWebhook({ documents, trustRoots: [], settings: { ...defaultSettings, ...settings } })) as unknown as Loose[];
}

/** With a certificate of cert-manager, which runs in a namespace of this name. */
function certified(namespaces: NamespaceSelection | undefined, namespace = 'cert-manager', policy: ImagePolicy = POLICY): Loose[] {
  return render([{ ...policy, spec: { ...policy.spec, ...namespaces && { namespaces } } }], { tls: { mode: 'cert-manager', issuer: { kind: 'ClusterIssuer', name: 'internal-ca' }, namespace } });
}

const set = (target: Loose | undefined, field: string, value: unknown): void => {
  (target as { [field: string]: unknown })[field] = value;
};
const isOf = (object: Loose, kind: string): boolean => (object as { kind: unknown }).kind === kind;
const find = (objects: Loose[], kind: string): Loose => {
  const found = objects.find((object) => isOf(object, kind));
  if (found === undefined) {
    throw new Error(`no ${kind} was rendered`);
  }
  return found;
};
const without = (objects: Loose[], kind: string): Loose[] => objects.filter((object) => !isOf(object, kind));
const entry = (objects: Loose[], index = 0): Loose | undefined => (find(objects, 'ValidatingWebhookConfiguration').webhooks as unknown as Loose[])[index];

const container = (objects: Loose[]): Loose | undefined => (find(objects, 'Deployment').spec?.template?.spec?.containers as unknown as Loose[])[0];

/** One way to weaken what was rendered for each rule; what is left alone is the sound twin. */
const WEAKENED: { readonly [code: string]: (objects: Loose[]) => Loose[] | void } = {
  API_VERSION: (objects) => set(find(objects, 'ValidatingWebhookConfiguration'), 'apiVersion', 'admissionregistration.k8s.io/v1beta1'),
  AUDIT_CAN_BLOCK: (objects) => set(entry(objects, 1), 'failurePolicy', 'Fail'),
  AUDIT_WITHOUT_EFFECT: () => render([POLICY, { ...AUDITED, spec: { ...AUDITED.spec, images: POLICY.spec.images } }]),
  BRANCH_WILDCARD: () => render([{
    ...POLICY,
    spec: { ...POLICY.spec, attestors: { release: { ...RELEASE, subject: { workflow: 'https://github.com/acme/builders/.github/workflows/build.yml', refs: ['refs/heads/main*'] } } } },
  }]),
  BUILDER_NOT_ISOLATED: () => render([{
    ...POLICY,
    spec: { ...POLICY.spec, attestors: { release: { ...RELEASE, subject: 'https://github.com/acme/payments/.github/workflows/build.yml@refs/tags/v1' } } },
  }]),
  DEPLOYER_SKIPS: (objects) => set(find(objects, 'Deployment').metadata, 'annotations', { 'argocd.argoproj.io/hook': 'Skip' }),
  DISRUPTION_BUDGET: (objects) => without(objects, 'PodDisruptionBudget'),
  DUPLICATE_OBJECT: (objects) => [...objects, structuredClone(find(objects, 'Service'))],
  ENGINE_CANNOT: (objects) => [...objects, nativePolicy([POLICY])],
  EXEMPTION_WITHOUT_EFFECT: () => render([POLICY, { ...EXEMPTION, spec: { ...EXEMPTION.spec, namespaces: { names: ['kube-system'] } } }]),
  EXPIRED: () => render([POLICY, { ...AUDITED, spec: { ...AUDITED.spec, action: { type: 'Audit', reason: 'r', owner: 'o', until: '2026-01-01' } } }]),
  FAILURE_POLICY: (objects) => set(entry(objects), 'failurePolicy', 'Ignore'),
  FOREIGN_WEBHOOK: (objects) => {
    const foreign = structuredClone(find(objects, 'ValidatingWebhookConfiguration'));
    set(foreign, 'metadata', { name: 'mine' });
    set((foreign.webhooks as unknown as Loose[])[0], 'name', 'mine.acme.example');
    set((foreign.webhooks as unknown as Loose[])[1], 'name', 'other.acme.example');
    return [...objects, foreign];
  },
  GUARD: (objects) => set(find(objects, 'ValidatingAdmissionPolicyBinding').spec, 'validationActions', ['Audit']),
  IMAGE_VAP_MATCH: (objects) => [...objects, ...theirVap({ validations: [{ expression: 'object.spec.containers.all(c, c.image.startsWith("ghcr.io/acme"))' }] })],
  IMAGE_VAP_PERMISSIVE: (objects) => [...objects, ...theirVap().slice(0, 1)],
  IMAGE_VAP_REJECTED: (objects) => [...objects, ...theirVap({ validations: [{ expression: 'object.spec.containers.all(c, c.image != "")', reason: 'NotAllowed' }] })],
  IMAGE_VAP_UNASKED: (objects) => [...objects, ...theirVap({ matchConstraints: { resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }] } })],
  IMAGE_VAP_UNSEEN: (objects) => [...objects, ...theirVap()],
  IMAGE_WEBHOOK_PERMISSIVE: (objects) => [...objects, theirWebhook({ failurePolicy: 'Ignore' })],
  IMAGE_WEBHOOK_REJECTED: (objects) => [...objects, theirWebhook({ sideEffects: 'Unknown' })],
  IMAGE_WEBHOOK_UNASKED: (objects) => [...objects, theirWebhook({ objectSelector: { matchLabels: { checked: 'yes' } } })],
  KYVERNO_ALTERED: (objects) => [...objects, ...withKyverno((policy) => set(policy.spec, 'variables', []))],
  KYVERNO_CLUSTER_POLICY: (objects) => [...objects, {
    apiVersion: 'kyverno.io/v1', kind: 'ClusterPolicy', metadata: { name: 'mine' }, spec: { rules: [{ name: 'verify', verifyImages: [{ imageReferences: ['*'] }] }] },
  } as unknown as Loose],
  KYVERNO_EXCEPTIONS: (objects) => [...objects, ...withKyverno(), {
    apiVersion: 'policies.kyverno.io/v1', kind: 'PolicyException', metadata: { name: 'some', namespace: 'shop' }, spec: { policyRefs: [{ kind: 'ImageValidatingPolicy', name: 'images' }] },
  } as unknown as Loose],
  KYVERNO_IDENTITY: (objects) => [...objects, ...withKyverno((policy) => set((policy.spec?.attestors as unknown as Loose[])[0]?.cosign?.keyless, 'identities', []))],
  KYVERNO_IMAGE_MATCH: (objects) => [...objects, ...withKyverno((policy) => set(policy.spec, 'matchImageReferences', [{ glob: 'ghcr.io/acme*' }]))],
  KYVERNO_PERMISSIVE: (objects) => [...objects, ...withKyverno((policy) => set(policy.spec, 'failurePolicy', 'Ignore'))],
  KYVERNO_UNASKED: (objects) => [...objects, ...withKyverno((policy) => set(policy.spec, 'matchConstraints', undefined))],
  KYVERNO_UNVERIFIED: (objects) => [...objects, ...withKyverno((policy) => set(policy.spec, 'validations', [{ expression: 'true' }]), (policy) => set(policy.spec, 'variables', []))],
  ISSUER_LOCKED_OUT: () => certified(undefined),
  MATCH_CONDITIONS: (objects) => set(entry(objects), 'matchConditions', [{ name: 'not-me', expression: 'request.userInfo.username != "me"' }]),
  MATCH_POLICY: (objects) => set(entry(objects), 'matchPolicy', 'Exact'),
  MUTABLE_BUILDER_REF: () => render([{
    ...POLICY,
    spec: {
      ...POLICY.spec,
      attestors: { release: { ...RELEASE, subject: 'https://github.com/acme/builders/.github/workflows/build.yml@refs/heads/main' } },
    },
  }]),
  NAMESPACE_DIVIDED: (objects) => [...objects, ...nativeObjects()],
  NAMESPACE_EXEMPTION: (objects) => (entry(objects)?.namespaceSelector?.matchExpressions as unknown as object[]).push({ key: 'skip', operator: 'DoesNotExist' }) as unknown as void,
  NAMESPACE_UNJUDGED: (objects) => set((entry(objects)?.namespaceSelector?.matchExpressions as unknown as Loose[])[0], 'values', ['kube-system', 'proofgate', 'production']),
  NATIVE_POLICY: (objects) => [...objects, ...nativeObjects().map((object) => (isOf(object, 'ValidatingAdmissionPolicyBinding') ? Object.assign(object, { spec: { ...object.spec, validationActions: ['Warn'] } }) : object))],
  NOTHING_ENFORCED: (objects) => set(find(objects, 'ValidatingWebhookConfiguration'), 'webhooks', []),
  OBJECT_LIFETIME: (objects) => set(find(objects, 'ValidatingWebhookConfiguration').metadata, 'ownerReferences', [{ apiVersion: 'v1', kind: 'Namespace', name: 'gone', uid: '0' }]),
  OBJECT_NAME: (objects) => set(find(objects, 'Service').metadata, 'name', 'Proofgate_Verifier'),
  OBJECT_SELECTOR: (objects) => set(entry(objects), 'objectSelector', { matchLabels: { checked: 'yes' } }),
  OPERATOR_GROUPS: (objects) => {
    const variables = find(objects, 'ValidatingAdmissionPolicy').spec?.variables as unknown as Loose[];
    set(variables.find(({ name }) => (name as unknown) === 'operatorGroups'), 'expression', '[\'platform\', \'system:authenticated\']');
  },
  OWN_NAMESPACE: (objects) => set(entry(objects), 'namespaceSelector', {}),
  POLICY_CONTENT: (objects) => set(find(objects, 'ConfigMap'), 'immutable', false),
  POLICY_CONTROLLER_ALTERED: (objects) => [...objects, ...withPolicyController((policy) => set(policy.spec?.authorities?.[0], 'name', 'other'))],
  POLICY_CONTROLLER_IDENTITY: (objects) => [...objects, ...withPolicyController((policy) => set((policy.spec?.authorities as unknown as Loose[])[0]?.keyless, 'identities', [{ issuer: 'https://a', subjectRegExp: 'https://acme.test/.*' }]))],
  POLICY_CONTROLLER_IMAGE_MATCH: (objects) => [...objects, ...withPolicyController((policy) => set(policy.spec, 'images', [{ glob: 'ghcr.io/acme*' }]))],
  POLICY_CONTROLLER_INVALID: (objects) => [...objects, ...withPolicyController((policy) => set((policy.spec?.authorities as unknown as Loose[])[0]?.keyless, 'identities', []))],
  POLICY_CONTROLLER_PERMISSIVE: (objects) => [...objects, ...withPolicyController((policy) => set(policy.spec, 'mode', 'warn'))],
  POLICY_CONTROLLER_TRUST_ROOT: (objects) => [...objects, ...withPolicyController((policy) => set((policy.spec?.authorities as unknown as Loose[])[0]?.keyless, 'trustRootRef', 'corp'))],
  POLICY_CONTROLLER_UNASKED: (objects) => [...objects, ...withPolicyController(), { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } } as unknown as Loose],
  POLICY_CONTROLLER_UNVERIFIED: (objects) => [...objects, ...withPolicyController((policy) => set(policy.spec, 'policy', { type: 'cue', data: 'authorityMatches: {}' }))],
  POLICY_UNREAD: (objects) => void (container(objects)?.args as unknown as string[]).splice(1, 2),
  REPLICAS: (objects) => set(find(objects, 'Deployment').spec, 'replicas', 1),
  RULES_INCOMPLETE: (objects) => set((entry(objects)?.rules as unknown as Loose[])[0], 'resources', ['pods']),
  SIDE_EFFECTS: (objects) => set(entry(objects), 'sideEffects', 'Unknown'),
  TIMEOUT: (objects) => set(entry(objects), 'timeoutSeconds', 8),
  TOO_LARGE: (objects) => set(find(objects, 'ConfigMap'), 'data', { 'policy.json': 'ü'.repeat(524_289) }),
  TRUST_ROOT_MISSING: () => render([{ ...POLICY, spec: { ...POLICY.spec, attestors: { release: { ...RELEASE, trustRoot: 'company' } } } }]),
  UNENFORCED: (objects) => without(objects, 'ValidatingWebhookConfiguration'),
  UNLABELLED: (objects) => set(find(objects, 'Deployment').metadata, 'labels', { 'app.kubernetes.io/part-of': 'shop' }),
  VERIFIER_AUTHORITY: (objects) => set(find(objects, 'Secret'), 'data', { 'ca.key': 'eA==' }),
  VERIFIER_COMMAND: (objects) => set(container(objects), 'command', ['sh', '-c', 'sleep 1d']),
  VERIFIER_FILES: (objects) => set((container(objects)?.volumeMounts as unknown as Loose[])[0], 'mountPath', '/app'),
  VERIFIER_IMAGE: (objects) => set(container(objects), 'image', 'ghcr.io/proofgate/verifier:1'),
  VERIFIER_NAMESPACE: (objects) => set(find(objects, 'Deployment').metadata, 'namespace', 'kube-system'),
  VERIFIER_PRIVILEGES: (objects) => set(find(objects, 'Deployment').spec?.template?.spec, 'hostNetwork', true),
  VERIFIER_RIGHTS: (objects) => set(find(objects, 'ClusterRole'), 'rules', [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]),
  WEBHOOK_ENTRY: (objects) => set(entry(objects), 'admissionReviewVersions', ['v1beta1']),
  WEBHOOK_SERVICE: (objects) => set(entry(objects)?.clientConfig?.service, 'name', 'somebody-else'),
  WINDOW_TOO_LONG: () => render([POLICY, { ...AUDITED, spec: { ...AUDITED.spec, action: { type: 'Audit', reason: 'r', owner: 'o', until: '2027-01-03' } } }]),
};

/** What `KyvernoEngine` renders, changed. */
function withKyverno(...changes: ReadonlyArray<(policy: Loose) => unknown>): Loose[] {
  const engine = kyvernoEngine({ name: 'images', version: '1.19.1', namespace: 'kyverno', timeoutSeconds: 30 });
  const signed: ImagePolicy = { ...POLICY, spec: { ...POLICY.spec, requirements: POLICY.spec.requirements.slice(0, 1) } };
  const objects = structuredClone(engine.render({ documents: [signed], trustRoots: [] })) as unknown as Loose[];
  changes.forEach((change) => change(find(objects, 'ImageValidatingPolicy')));
  return objects;
}

const PODS = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods', 'pods/ephemeralcontainers'] }];

/** An admission policy about images that somebody else wrote, and its binding. */
function theirVap(spec: object = {}): Loose[] {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  return [
    { apiVersion, kind: 'ValidatingAdmissionPolicy', metadata: { name: 'theirs' }, spec: { matchConstraints: { resourceRules: PODS }, validations: [{ expression: 'object.spec.containers.all(c, c.image != "")' }], ...spec } },
    { apiVersion, kind: 'ValidatingAdmissionPolicyBinding', metadata: { name: 'theirs' }, spec: { policyName: 'theirs', validationActions: ['Deny'] } },
  ] as unknown as Loose[];
}

function theirWebhook(changes: object): Loose {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration', metadata: { name: 'image-policy' },
    webhooks: [{ name: 'images.acme.example', clientConfig: { service: { namespace: 'images', name: 'images' } }, rules: PODS, sideEffects: 'None', admissionReviewVersions: ['v1'], ...changes }],
  } as unknown as Loose;
}

/** What `PolicyControllerEngine` renders, changed. */
function withPolicyController(...changes: ReadonlyArray<(policy: Loose) => unknown>): Loose[] {
  const engine = policyControllerEngine({ name: 'images', version: '0.15.1', namespace: 'cosign-system', trustRoot: 'sigstore' });
  const signed: ImagePolicy = { ...POLICY, spec: { ...POLICY.spec, requirements: [{ type: 'signature', name: 'signature', attestors: ['release'] }] } };
  const objects = structuredClone(engine.render({ documents: [signed], trustRoots: [] })) as unknown as Loose[];
  changes.forEach((change) => change(find(objects, 'ClusterImagePolicy')));
  return objects;
}

/** What another engine would write for these documents. */
function nativePolicy(documents: readonly PolicyDocument[]): Loose {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingAdmissionPolicy',
    metadata: {
      name: 'native', labels: { 'app.kubernetes.io/part-of': 'proofgate', 'proofgate.dev/engine': 'native' }, annotations: { 'proofgate.dev/documents': JSON.stringify(documents) },
    },
  } as unknown as Loose;
}

function nativeObjects(): Loose[] {
  return structuredClone(nativeEngine({ name: 'native' }).render({ documents: [ALLOWED, denying()], trustRoots: [] })) as unknown as Loose[];
}

function floored(): Loose[] {
  return structuredClone(renderWebhook({ documents: [POLICY, AUDITED, EXEMPTION], trustRoots: [], settings: { ...defaultSettings, floor: true } })) as unknown as Loose[];
}

test('what the engine of the API server and a floor render breaks no rule', () => {
  expect(lintManifests(nativeObjects(), NOW)).toEqual([]);
  expect(lintManifests(floored(), NOW)).toEqual([]);
  expect(floored().filter((object) => isOf(object, 'ValidatingAdmissionPolicy'))).toHaveLength(3);
});

test('what the engine renders breaks no rule', () => {
  expect(lintManifests(render(), NOW)).toEqual([]);
});

test('what KyvernoEngine renders breaks no rule, alone and beside the verifier', () => {
  expect(lintManifests(withKyverno(), NOW)).toEqual([]);
  expect(lintManifests([...render(), ...withKyverno()], NOW)).toEqual([]);
});

test('what PolicyControllerEngine renders breaks no rule, alone and beside the verifier', () => {
  expect(judgeManifests(withPolicyController(), NOW)).toEqual([]);
  expect(judgeManifests([...render(), ...withPolicyController()], NOW)).toEqual([]);
});

test.each(Object.entries(WEAKENED))('%s is found where it was weakened', (code, weaken) => {
  const objects = render();
  const weakened = weaken(objects);
  expect(lintManifests(Array.isArray(weakened) ? weakened : objects, NOW).map((finding) => finding.code)).toContain(code);
});

const REFUSING = Object.entries(WEAKENED).filter(([code]) => RULES.some((rule) => rule.code === code && rule.lintOnly !== true));

test.each(REFUSING)('%s is found by a judge that found the same objects sound before', (code, weaken) => {
  const judge = new StandingJudge();
  const objects = render();
  expect(judge.judge(objects, NOW)).toEqual([]);
  const returned = weaken(objects);
  const weakened = Array.isArray(returned) ? returned : objects;
  const findings = judge.judge(weakened, NOW);
  expect(findings.map((finding) => finding.code)).toContain(code);
  expect(findings).toEqual(judgeManifests(weakened, NOW));
});

test('what others wrote that only looks as if it were about images refuses no synthesis', () => {
  const theirs = [...theirVap({ failurePolicy: 'Ignore' }), theirWebhook({ failurePolicy: 'Ignore' })];
  expect(new Set(lintManifests(theirs, NOW).map(({ code }) => RULES.find((rule) => rule.code === code)?.lintOnly))).toEqual(new Set([true]));
  expect(judgeManifests([...render(), ...theirs], NOW)).toEqual([]);
});

type Weaken = (objects: Loose[]) => Loose[] | void;

const EXEMPTION: ImageExemption = {
  apiVersion: 'proofgate.dev/v1', kind: 'ImageExemption', metadata: { name: 'vendor' },
  spec: { image: 'reg.test/vendor/app', digests: [`sha256:${'a1'.repeat(32)}`], reason: 'not signed yet', owner: 'platform', until: '2026-01-02' },
};
const NAMED: ImagePolicy = { ...POLICY, spec: { ...POLICY.spec, namespaces: { names: ['shop'] } } };
const exempting = (namespaces: NamespaceSelection): ImageExemption => ({ ...EXEMPTION, spec: { ...EXEMPTION.spec, namespaces } });
/** For the API server alone, which it has to be told where it closes. */
const ALLOWED = exempting({ except: ['kube-system'] });
const denying = (namespaces?: NamespaceSelection): PolicyDocument => ({
  apiVersion: 'proofgate.dev/v1', kind: 'ImageDenyList', metadata: { name: 'incident' },
  spec: { reason: 'leaked', owner: 'security', digests: [`sha256:${'a1'.repeat(32)}`], ...(namespaces === undefined ? {} : { namespaces }) },
});
const withKeys: PolicyDocument = {
  apiVersion: 'proofgate.dev/v1', kind: 'ImageDenyList', metadata: { name: 'incident' }, spec: { reason: 'leaked', owner: 'security', keys: [`sha256:${'a1'.repeat(32)}`] },
};
const guardSpec = (objects: Loose[]): Loose | undefined => find(objects, 'ValidatingAdmissionPolicy').spec;
const bindingSpec = (objects: Loose[]): Loose | undefined => find(objects, 'ValidatingAdmissionPolicyBinding').spec;
const budget = (spec: object): Weaken => (objects) => set(find(objects, 'PodDisruptionBudget'), 'spec', { selector: find(objects, 'PodDisruptionBudget').spec?.selector, ...spec });
const firstRule = (objects: Loose[]): Loose | undefined => (entry(objects)?.rules as unknown as Loose[])[0];
const service = (objects: Loose[], webhook = entry(objects)): Loose | undefined => webhook?.clientConfig?.service;
const foreign = (clientConfig: object): Loose => ({
  apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration', metadata: { name: 'mine' }, webhooks: [{ name: 'mine.acme.example', clientConfig, failurePolicy: 'Ignore' }],
}) as unknown as Loose;
const guardPart = (field: string, change: (part: never) => unknown): Weaken => (objects) => set(guardSpec(objects), field, change(guardSpec(objects)?.[field] as never));
const initContainer = (image: string): Weaken => (objects) => set(find(objects, 'Deployment').spec?.template?.spec, 'initContainers', [{ name: 'init', image }]);
const PINNED = `ghcr.io/acme/init@sha256:${'a1'.repeat(32)}`;

const audited = (spec: Partial<ImagePolicy['spec']>, enforced: Partial<ImagePolicy['spec']> = {}): Weaken => () => (
  render([{ ...POLICY, spec: { ...POLICY.spec, ...enforced } }, { ...AUDITED, spec: { ...AUDITED.spec, images: ['ghcr.io/acme/payments/api'], ...spec } }])
);
const exempted = (exemption: NamespaceSelection, policy: NamespaceSelection): Weaken => () => (
  render([{ ...POLICY, spec: { ...POLICY.spec, namespaces: policy } }, { ...EXEMPTION, spec: { ...EXEMPTION.spec, namespaces: exemption } }])
);
const OTHER: KeylessAttestor = { ...RELEASE, subject: 'https://github.com/acme/builders/.github/workflows/build.yml@refs/tags/v2' };

/** What a rule sees beside the plainest case: weakened, and a twin that differs in one attribute and is sound. */
const PARTS: ReadonlyArray<readonly [code: string, what: string, weaken: Weaken, twin: Weaken]> = [
  ['AUDIT_WITHOUT_EFFECT', 'one image among those of a pattern', audited({}), audited({ images: ['ghcr.io/acme/paymentsx/api'] })],
  ['AUDIT_WITHOUT_EFFECT', 'fewer demands', audited({ requirements: POLICY.spec.requirements.slice(0, 1) }), audited({}, { requirements: POLICY.spec.requirements.slice(0, 1) })],
  ['AUDIT_WITHOUT_EFFECT', 'the same signer by another name', audited({ attestors: { ci: RELEASE }, requirements: [{ type: 'signature', name: 'signed', attestors: ['ci'] }] }),
    audited({ attestors: { ci: OTHER }, requirements: [{ type: 'signature', name: 'signed', attestors: ['ci'] }] })],
  ['AUDIT_WITHOUT_EFFECT', 'a namespace among all', audited({ namespaces: { names: ['shop'] } }), audited({ namespaces: { names: ['shop'] } }, { namespaces: { except: ['kube-system', 'shop'] } })],
  ['AUDIT_WITHOUT_EFFECT', 'one of the namespaces', audited({ namespaces: { names: ['shop'] } }, { namespaces: { names: ['bank', 'shop'] } }), audited({ namespaces: { names: ['shop', 'lab'] } }, { namespaces: { names: ['bank', 'shop'] } })],
  ['AUDIT_WITHOUT_EFFECT', 'more exceptions', audited({ namespaces: { except: ['kube-system', 'lab'] } }), audited({}, { namespaces: { except: ['kube-system', 'lab'] } })],
  ['AUDIT_WITHOUT_EFFECT', 'more labels', audited({ namespaces: { labels: { a: 'b', c: 'd' } } }, { namespaces: { labels: { a: 'b' } } }), audited({ namespaces: { labels: { a: 'b' } } }, { namespaces: { labels: { a: 'b', c: 'd' } } })],
  ['AUDIT_WITHOUT_EFFECT', 'tags', audited({}, { tags: 'deny' }), audited({ tags: 'deny' })],
  ['AUDIT_WITHOUT_EFFECT', 'one build', audited({}, { sameBuild: 'run' }), audited({ sameBuild: 'run' })],
  ['AUDIT_WITHOUT_EFFECT', 'a policy that refuses', audited({}), audited({}, { action: { type: 'Audit', reason: 'r', owner: 'o', until: '2026-06-01' } })],
  ['ENGINE_CANNOT', 'a signature', (objects) => [...objects, nativePolicy([ALLOWED, POLICY])], (objects) => [...objects, nativePolicy([ALLOWED])]],
  ['ENGINE_CANNOT', 'an exemption that says no namespaces', (objects) => [...objects, nativePolicy([EXEMPTION])], (objects) => [...objects, nativePolicy([ALLOWED])]],
  ['ENGINE_CANNOT', 'denied keys', (objects) => [...objects, nativePolicy([withKeys])], (objects) => [...objects, nativePolicy([denying()])]],
  ['EXPIRED', 'an exemption of another engine', (objects) => [...objects, nativePolicy([{ ...ALLOWED, spec: { ...ALLOWED.spec, until: '2026-01-01' } }])],
    (objects) => [...objects, nativePolicy([ALLOWED])]],
  ['INVALID_DOCUMENT', 'no document of another engine', (objects) => [...objects, nativePolicy([])], (objects) => [...objects, nativePolicy([ALLOWED])]],
  ['EXEMPTION_WITHOUT_EFFECT', 'other namespaces', exempted({ names: ['shop'] }, { names: ['bank'] }), exempted({ names: ['shop', 'bank'] }, { names: ['bank'] })],
  ['EXEMPTION_WITHOUT_EFFECT', 'an excepted namespace', exempted({ except: ['bank'] }, { names: ['bank'] }), exempted({ except: ['shop'] }, { names: ['bank'] })],
  ['EXEMPTION_WITHOUT_EFFECT', 'a namespace that the policy leaves out', exempted({ names: ['shop'] }, { except: ['shop'] }), exempted({ names: ['shop'] }, { labels: { a: 'b' } })],
  ['DISRUPTION_BUDGET', 'a budget of another namespace', (objects) => set(find(objects, 'PodDisruptionBudget').metadata, 'namespace', 'other'),
    (objects) => set(find(objects, 'PodDisruptionBudget').metadata, 'annotations', { a: 'b' })],
  ['DISRUPTION_BUDGET', 'a budget for every replica', budget({ maxUnavailable: 3 }), budget({ maxUnavailable: 2 })],
  ['DISRUPTION_BUDGET', 'a budget for every replica, in percent', budget({ maxUnavailable: '100%' }), budget({ maxUnavailable: '50%' })],
  ['DISRUPTION_BUDGET', 'a budget that keeps none', budget({ minAvailable: 0 }), budget({ minAvailable: 1 })],
  ['DISRUPTION_BUDGET', 'a budget that says nothing', budget({}), budget({ minAvailable: '50%' })],
  ['EXPIRED', 'an exemption that is over', () => render([POLICY, { ...EXEMPTION, spec: { ...EXEMPTION.spec, until: '2026-01-01' } }]), () => render([POLICY, EXEMPTION])],
  ['ISSUER_LOCKED_OUT', 'every namespace but kube-system', () => certified({ except: ['kube-system'] }), () => certified({ except: ['kube-system', 'cert-manager'] })],
  ['ISSUER_LOCKED_OUT', 'its namespace by name', () => certified({ names: ['shop', 'cert-manager'] }), () => certified({ names: ['shop', 'cert-managers'] })],
  ['ISSUER_LOCKED_OUT', 'its namespace by the label of its name, and another label may be anywhere', () => certified({ labels: { 'kubernetes.io/metadata.name': 'cert-manager' } }), () => certified({ labels: { tier: 'prod' } })],
  ['ISSUER_LOCKED_OUT', 'a cert-manager in a namespace that is said', () => certified({ names: ['certs'] }, 'certs'), () => certified({ names: ['cert-manager'] }, 'certs')],
  ['ISSUER_LOCKED_OUT', 'a policy that refuses, where one that only warns lets it start', () => certified(undefined), () => certified(undefined, 'cert-manager', AUDITED)],
  ['ISSUER_LOCKED_OUT', 'a certificate of cert-manager, and not one of the verifier itself', () => certified(undefined), () => render([POLICY])],
  ['NAMESPACE_DIVIDED', 'an allow-list of the API server in one namespace of a policy', (objects) => [...objects, nativePolicy([exempting({ names: ['shop'] })])],
    (objects) => [...objects, nativePolicy([exempting({ names: ['kube-system'] })])]],
  ['NAMESPACE_DIVIDED', 'Kyverno, for fewer images', () => [...render([POLICY, { ...NAMED, metadata: { name: 'other' }, spec: { ...NAMED.spec, images: ['ghcr.io/acme/other'] } }]), ...withKyverno()],
    () => [...render(), ...withKyverno()]],
  ['NAMESPACE_UNJUDGED', 'a deny list for more namespaces than policies are for', () => render([NAMED, denying()]), () => render([NAMED, denying({ names: ['shop'] })])],
  ['NAMESPACE_UNJUDGED', 'a deny list for namespaces where a policy only watches',
    () => render([NAMED, { ...AUDITED, spec: { ...AUDITED.spec, namespaces: { names: ['bank'] } } }, denying({ names: ['shop', 'bank'] })]), () => render([NAMED, AUDITED, denying({ names: ['shop'] })])],
  ['NAMESPACE_UNJUDGED', 'a deny list for kube-system, where no policy is', () => render([POLICY, denying({ except: [] })]), () => render([POLICY, denying()])],
  ['FAILURE_POLICY', 'an entry with a path of its own', (objects) => {
    set(service(objects), 'path', '/elsewhere');
    set(entry(objects), 'failurePolicy', 'Ignore');
  }, (objects) => set(service(objects, entry(objects, 1)), 'path', '/audit')],
  ['FOREIGN_WEBHOOK', 'one that calls the Service by its URL', (objects) => [...objects, foreign({ url: 'https://proofgate-verifier.proofgate.svc:443/validate' })],
    (objects) => [...objects, foreign({ url: 'https://proofgate-verifier.other.svc:443/validate' })]],
  ['FOREIGN_WEBHOOK', 'one that calls the Service by its name', (objects) => [...objects, foreign({ service: { name: 'proofgate-verifier', namespace: 'proofgate' } })],
    (objects) => [...objects, foreign({ service: { name: 'proofgate-verifier', namespace: 'other' } })]],
  ['FOREIGN_WEBHOOK', 'one that calls a Service that no entry names', (objects) => {
    set(find(objects, 'Service').metadata, 'name', 'door');
    return [...objects, foreign({ service: { name: 'door', namespace: 'proofgate' } })];
  }, (objects) => [...objects, foreign({ service: { name: 'door', namespace: 'proofgate' } })]],
  ['GUARD', 'a policy that fails open', (objects) => set(guardSpec(objects), 'failurePolicy', 'Ignore'), (objects) => set(guardSpec(objects), 'failurePolicy', 'Fail')],
  ...(['proofgate-verifier', 'proofgate-verifier-objects', 'proofgate-verifier-labels'] as const).flatMap((name): Array<(typeof PARTS)[number]> => {
    const labelled = (change: (guard: Loose[]) => Loose[]): Weaken => () => {
      const objects = render([{ ...POLICY, spec: { ...POLICY.spec, namespaces: { labels: { team: 'payments' } } } }]);
      const guard = objects.filter((object) => String((object as { kind: unknown }).kind).startsWith('ValidatingAdmissionPolicy') && (object.metadata as unknown as { name: unknown }).name === name);
      return [...objects.filter((object) => !guard.includes(object)), ...change(guard)];
    };
    const changed = (at: number, field: string, value: unknown): Weaken => labelled((objects) => {
      set(objects[at]?.spec, field, value);
      return objects;
    });
    const whole = labelled((objects) => objects);
    return [
      ['GUARD', `no ${name}`, labelled((objects) => objects.slice(1)), whole],
      ['GUARD', `no binding of ${name}`, labelled((objects) => objects.slice(0, 1)), whole],
      ['GUARD', `${name} that only warns`, changed(1, 'validationActions', ['Warn']), changed(1, 'validationActions', ['Deny', 'Audit'])],
      ['GUARD', `${name} that fails open`, changed(0, 'failurePolicy', 'Ignore'), changed(0, 'failurePolicy', 'Fail')],
      ['GUARD', `${name} that says yes`, changed(0, 'validations', [{ expression: 'true', message: 'no' }]), whole],
      ['GUARD', `${name} with a condition`, changed(0, 'matchConditions', [{ name: 'a', expression: 'false' }]), changed(0, 'matchConditions', [])],
    ];
  }),
  ['GUARD', 'a policy with a condition', (objects) => set(guardSpec(objects), 'matchConditions', [{ name: 'a', expression: 'false' }]), (objects) => set(guardSpec(objects), 'matchConditions', [])],
  ['GUARD', 'a binding that narrows', (objects) => set(bindingSpec(objects), 'matchResources', { excludeResourceRules: [] }), (objects) => set(bindingSpec(objects), 'validationActions', ['Deny'])],
  ['GUARD', 'a binding with parameters', (objects) => set(bindingSpec(objects), 'paramRef', { name: 'x' }), (objects) => set(bindingSpec(objects), 'validationActions', ['Deny'])],
  ['GUARD', 'a binding that warns', (objects) => set(bindingSpec(objects), 'validationActions', ['Warn', 'Audit']), (objects) => set(bindingSpec(objects), 'validationActions', ['Deny', 'Audit'])],
  ['GUARD', 'a policy without a binding', (objects) => without(objects, 'ValidatingAdmissionPolicyBinding'), (objects) => [...objects].reverse()],
  ['GUARD', 'a binding without its policy', (objects) => without(objects, 'ValidatingAdmissionPolicy'), (objects) => [...objects].reverse()],
  ['GUARD', 'a policy for another namespace', guardPart('matchConstraints', (part: object) => ({ ...part, namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'other' } } })),
    guardPart('matchConstraints', (part: object) => ({ ...part, excludeResourceRules: [] }))],
  ['GUARD', 'a policy that leaves a kind out', guardPart('matchConstraints', (part: { resourceRules: unknown[] }) => ({ ...part, resourceRules: part.resourceRules.slice(1) })),
    guardPart('matchConstraints', (part: { resourceRules: unknown[] }) => ({ ...part, resourceRules: [...part.resourceRules] }))],
  ['GUARD', 'a policy that selects objects', guardPart('matchConstraints', (part: object) => ({ ...part, objectSelector: { matchLabels: { checked: 'yes' } } })),
    guardPart('matchConstraints', (part: object) => ({ ...part, objectSelector: {} }))],
  ['GUARD', 'a policy that excludes resources', guardPart('matchConstraints', (part: object) => ({ ...part, excludeResourceRules: [{ resources: ['pods'] }] })),
    guardPart('matchConstraints', (part: object) => ({ ...part, excludeResourceRules: [] }))],
  ['GUARD', 'a policy for exact versions', guardPart('matchConstraints', (part: object) => ({ ...part, matchPolicy: 'Exact' })),
    guardPart('matchConstraints', (part: object) => ({ ...part, matchPolicy: undefined }))],
  ['GUARD', 'a policy that compares another image', guardPart('variables', (part: Array<{ name: string }>) => part.map((one) => (one.name === 'image' ? { ...one, expression: '\'nginx\'' } : one))),
    guardPart('variables', (part: Array<{ name: string }>) => part.map((one) => (one.name === 'operatorGroups' ? { ...one, expression: '[\'admins\']' } : one)))],
  ['GUARD', 'a policy that says yes', guardPart('validations', (part: object[]) => part.map((one) => ({ ...one, expression: 'true' }))),
    guardPart('validations', (part: object[]) => part.map((one) => ({ ...one, message: 'no' })))],
  ['GUARD', 'a policy that knows no operators', guardPart('variables', (part: Array<{ name: string }>) => part.filter(({ name }) => name !== 'operatorGroups')),
    guardPart('variables', (part: Array<{ name: string }>) => part.filter(() => true))],
  ['GUARD', 'a policy that knows them too late', guardPart('variables', (part: Array<{ name: string }>) => [...part].sort((a, b) => Number(a.name === 'operatorGroups') - Number(b.name === 'operatorGroups'))),
    guardPart('variables', (part: object[]) => [...part])],
  ['GUARD', 'a policy whose words cannot be compiled', guardPart('validations', (part: object[]) => part.map((one, index) => (index === 0 ? { ...one, messageExpression: '(((' } : one))),
    guardPart('validations', (part: object[]) => part.map((one) => ({ ...one, message: 'no' })))],
  ['MUTABLE_BUILDER_REF', 'one branch among several refs', () => render([builtAt(['refs/tags/v*', 'refs/heads/main'])]), () => render([builtAt(['refs/tags/v*', 'refs/tags/w*'])])],
  ...([['the engine of the API server', nativeObjects, 0], ['a floor', floored, 2]] as const).flatMap(([what, make, at]): Array<(typeof PARTS)[number]> => {
    const change = (kind: string, alter: (spec: Loose) => void): Weaken => () => {
      const objects = make();
      const spec = objects.filter((object) => isOf(object, kind))[at]?.spec;
      alter(spec ?? {});
      return objects;
    };
    const policy = (field: string, value: unknown): Weaken => change('ValidatingAdmissionPolicy', (spec) => set(spec, field, value));
    const binding = (field: string, value: unknown): Weaken => change('ValidatingAdmissionPolicyBinding', (spec) => set(spec, field, value));
    const constraint = (field: string, value: unknown): Weaken => change('ValidatingAdmissionPolicy', (spec) => set(spec.matchConstraints, field, value));
    const resources = (field: string, value: unknown): Weaken => change('ValidatingAdmissionPolicyBinding', (spec) => set(spec.matchResources, field, value));
    const last = (list: 'variables' | 'validations', expression: string | undefined): Weaken => change('ValidatingAdmissionPolicy', (spec) => {
      const one = (spec[list] as unknown as Loose[]).at(-1);
      set(one, 'expression', expression ?? one?.expression);
    });
    return [
      ['NATIVE_POLICY', `${what} that fails open`, policy('failurePolicy', 'Ignore'), policy('failurePolicy', 'Fail')],
      ['NATIVE_POLICY', `${what} with a condition`, policy('matchConditions', [{ name: 'a', expression: 'false' }]), policy('matchConditions', [])],
      ['NATIVE_POLICY', `${what} with parameters`, policy('paramKind', { apiVersion: 'v1', kind: 'ConfigMap' }), policy('paramKind', null)],
      ['NATIVE_POLICY', `${what} with other lists`, last('variables', '[]'), last('variables', undefined)],
      ['NATIVE_POLICY', `${what} that says yes`, last('validations', 'true'), last('validations', undefined)],
      ['NATIVE_POLICY', `${what} for other namespaces`, constraint('namespaceSelector', { matchLabels: { a: 'b' } }), constraint('namespaceSelector', {})],
      ['NATIVE_POLICY', `${what} for other objects`, constraint('objectSelector', { matchLabels: { a: 'b' } }), constraint('objectSelector', {})],
      ['NATIVE_POLICY', `${what} that leaves resources out`, constraint('excludeResourceRules', [{ resources: ['pods'] }]), constraint('excludeResourceRules', [])],
      ['NATIVE_POLICY', `${what} for exact versions`, constraint('matchPolicy', 'Exact'), constraint('matchPolicy', 'Equivalent')],
      ['NATIVE_POLICY', `${what} for one kind`, constraint('resourceRules', [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }]), constraint('namespaceSelector', null)],
      ['NATIVE_POLICY', `${what}, bound with a warning`, binding('validationActions', ['Warn', 'Audit']), binding('validationActions', ['Deny', 'Audit'])],
      ['NATIVE_POLICY', `${what}, bound with parameters`, binding('paramRef', { name: 'x', parameterNotFoundAction: 'Allow' }), binding('paramRef', null)],
      ['NATIVE_POLICY', `${what}, bound elsewhere`, resources('namespaceSelector', { matchLabels: { a: 'b' } }), resources('matchPolicy', 'Equivalent')],
      ['NATIVE_POLICY', `${what}, bound to other objects`, resources('objectSelector', { matchLabels: { a: 'b' } }), resources('objectSelector', {})],
      ['NATIVE_POLICY', `${what}, bound to one kind`, resources('resourceRules', [{ resources: ['pods'] }]), resources('resourceRules', [])],
    ];
  }),
  ['OBJECT_SELECTOR', 'labels', (objects) => set(entry(objects), 'objectSelector', { matchLabels: { a: 'b' } }), (objects) => set(entry(objects), 'objectSelector', { matchLabels: {} })],
  ['OBJECT_SELECTOR', 'expressions', (objects) => set(entry(objects), 'objectSelector', { matchExpressions: [{ key: 'a', operator: 'Exists' }] }),
    (objects) => set(entry(objects), 'objectSelector', { matchExpressions: [] })],
  ['POLICY_CONTENT', 'another policy under the same name', (objects) => set(find(objects, 'ConfigMap'), 'data', { 'policy.json': JSON.stringify(POLICY) }),
    (objects) => set(find(objects, 'ConfigMap').metadata, 'annotations', { a: 'b' })],
  ['RULES_INCOMPLETE', 'no updates', (objects) => set(firstRule(objects), 'operations', ['CREATE']), (objects) => set(firstRule(objects), 'operations', ['*'])],
  ['RULES_INCOMPLETE', 'no ephemeral containers', (objects) => set(firstRule(objects), 'resources', (firstRule(objects)?.resources as unknown as string[]).filter((name) => !name.includes('ephemeral'))),
    (objects) => set(firstRule(objects), 'resources', ['*/*'])],
  ['RULES_INCOMPLETE', 'another group', (objects) => set(firstRule(objects), 'apiGroups', ['apps']), (objects) => set(firstRule(objects), 'apiGroups', ['*'])],
  ['RULES_INCOMPLETE', 'another version', (objects) => set(firstRule(objects), 'apiVersions', ['v2']), (objects) => set(firstRule(objects), 'apiVersions', ['*'])],
  ['RULES_INCOMPLETE', 'objects without a namespace', (objects) => set(firstRule(objects), 'scope', 'Cluster'), (objects) => set(firstRule(objects), 'scope', '*')],
  ['TIMEOUT', 'more than Kubernetes takes', (objects) => set(entry(objects), 'timeoutSeconds', 31), (objects) => set(entry(objects), 'timeoutSeconds', 30)],
  ['TIMEOUT', 'no more than the verifier takes', (objects) => set(entry(objects), 'timeoutSeconds', 8), (objects) => set(entry(objects), 'timeoutSeconds', 9)],
  ['VERIFIER_IMAGE', 'an init container by tag', initContainer(PINNED.replace(/@.*/, ':v1')), initContainer(PINNED)],
];

function builtAt(refs: string[]): ImagePolicy {
  const subject = { workflow: 'https://github.com/acme/builders/.github/workflows/build.yml', refs };
  return { ...POLICY, spec: { ...POLICY.spec, attestors: { release: { type: 'keyless', issuer: 'https://token.actions.githubusercontent.com', trustRoot: 'sigstore', subject } } } };
}

test('NAMESPACE_UNJUDGED speaks of selectors where one was changed, and of namespaces where a deny list says more of them than policies do', () => {
  const remediesOf = (objects: readonly unknown[]): string[] => judgeManifests(objects, NOW).filter(({ code }) => code === 'NAMESPACE_UNJUDGED').map(({ remedy }) => remedy);
  const changed = render([POLICY, denying()]);
  set((entry(changed)?.namespaceSelector?.matchExpressions as unknown as Loose[])[0], 'values', ['kube-system', 'proofgate', 'production']);
  expect(remediesOf(changed)).toEqual([1, 2].map(() => expect.stringMatching(/^Keep the namespaceSelector/) as unknown));
  expect(remediesOf(render([NAMED, denying()]))).toEqual([expect.stringMatching(/^Add a policy for them, or say in the list's namespaces/)]);
});

test.each(PARTS)('%s: %s is found, its twin is not', (code, _what, weaken, twin) => {
  const codes = (change: Weaken): string[] => {
    const objects = render();
    const changed = change(objects);
    return judgeManifests(Array.isArray(changed) ? changed : objects, NOW).map((finding) => finding.code);
  };
  expect(codes(weaken)).toContain(code);
  expect(codes(twin)).not.toContain(code);
});

describe('an admission policy of images that lost what says what it has to hold', () => {
  const found = (objects: Loose[], change: (policy: Loose, objects: Loose[]) => void): string[] => {
    change(find(objects, 'ValidatingAdmissionPolicy'), objects);
    return judgeManifests(objects, NOW).filter(({ code }) => code === 'NATIVE_POLICY').map(({ object, path }) => `${object} ${path}`);
  };
  const POLICY_ID = 'ValidatingAdmissionPolicy native';

  test.each<[string, (policy: Loose) => void, string[]]>([
    ['nothing', () => undefined, []],
    ['its documents', ({ metadata }) => set(metadata, 'annotations', {}), ['metadata.annotations']],
    ['its engine', ({ metadata }) => set(metadata, 'labels', { 'app.kubernetes.io/part-of': 'proofgate' }), ['metadata.labels']],
    ['its labels and expressions', ({ metadata, spec }) => {
      set(metadata, 'labels', {});
      set(spec, 'variables', []);
    }, ['metadata.labels', 'spec.variables']],
    ['its documents and expressions', ({ metadata, spec }) => {
      set(metadata, 'labels', { 'app.kubernetes.io/part-of': 'proofgate' });
      set(metadata, 'annotations', {});
      set(spec, 'variables', []);
    }, ['metadata.annotations']],
  ])('%s: is found', (_, change, paths) => {
    expect(found(nativeObjects(), change)).toEqual(paths.map((path) => `${POLICY_ID} ${path}`));
    // What lets requests by is said whatever else is missing.
    expect(found(nativeObjects(), (policy) => {
      change(policy);
      set(policy.spec, 'failurePolicy', 'Ignore');
    })).toContain(`${POLICY_ID} spec.failurePolicy`);
  });

  test('the name of its verifier: is found', () => {
    const floor = floored().filter(({ metadata }) => String((metadata as unknown as { name: unknown }).name).startsWith('proofgate-verifier-floor'));
    expect(found(floor, () => undefined)).toEqual(['ValidatingAdmissionPolicy proofgate-verifier-floor metadata.annotations']);
    expect(found(floored(), () => undefined)).toEqual([]);
  });
});

describe('of an admission policy of images and its binding', () => {
  const paths = (objects: Loose[]): string[] => judgeManifests(objects, NOW).map(({ object, path }) => `${object} ${path}`);

  test('each without the other is found, and both together are not', () => {
    expect(paths(without(nativeObjects(), 'ValidatingAdmissionPolicyBinding'))).toEqual(['ValidatingAdmissionPolicy native ']);
    expect(paths(without(nativeObjects(), 'ValidatingAdmissionPolicy'))).toEqual(['ValidatingAdmissionPolicyBinding native-all spec.policyName']);
    expect(paths(nativeObjects())).toEqual([]);
  });

  test.each<[string, unknown, string[]]>([
    ['warns', ['Warn'], ['ValidatingAdmissionPolicyBinding native-all spec.validationActions']],
    ['denies', ['Deny'], []],
  ])('each is judged as far as it can be where the caller says that the other is elsewhere: one that %s', (_, actions, expected) => {
    const objects = nativeObjects();
    set(bindingSpec(objects), 'validationActions', actions);
    expect(objects.map((object) => object.kind as unknown)).toEqual(['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding']);
    expect(objects.flatMap((object) => judgeObject(object, NOW)).map(({ object, path }) => `${object} ${path}`)).toEqual(expected);
  });

  test('a floor without its verifier is judged as far as it can be where the caller says that it is elsewhere', () => {
    const floor = floored().filter((object) => isOf(object, 'ValidatingAdmissionPolicy'))[2];
    expect(judgeObject(floor, NOW)).toEqual([]);
    set(floor?.spec, 'failurePolicy', 'Ignore');
    expect(judgeObject(floor, NOW).map(({ path }) => path)).toEqual(['spec.failurePolicy']);
  });
});

test('a policy for Kyverno needs its guard of exceptions and its floor among objects that are applied together, however few', () => {
  const [policy] = withKyverno().filter((object) => isOf(object, 'ImageValidatingPolicy'));
  expect(judgeManifests([policy], NOW).map(({ code }) => code).sort()).toEqual(['KYVERNO_ALTERED', 'KYVERNO_ALTERED', 'KYVERNO_ALTERED', 'KYVERNO_ALTERED']);
  expect(judgeObject(policy, NOW)).toEqual([]);
});

describe('the guard against exceptions from a policy for Kyverno', () => {
  const guarded = (kind: string, change: (spec: Loose) => unknown): string[] => {
    const objects = withKyverno();
    change(objects.find((object) => isOf(object, kind) && JSON.stringify(object.metadata?.name) === '"images-exceptions"')?.spec as unknown as Loose);
    return lintManifests(objects, NOW).map(({ code, object, path }) => `${code} ${object} ${path}`);
  };
  const [guard, binding] = ['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding'];
  const everything = { apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*/*'] };
  const rule = (field: string, value: unknown) => (spec: Loose): unknown => set((spec.matchConstraints?.resourceRules as unknown as Loose[])[0], field, value);
  const constraint = (field: string, value: unknown) => (spec: Loose): unknown => set(spec.matchConstraints, field, value);
  const own = (field: string, value: unknown) => (spec: Loose): unknown => set(spec, field, value);

  test.each<[string, string, (spec: Loose) => unknown, (spec: Loose) => unknown]>([
    ['matchConstraints.objectSelector', 'objects with a label', constraint('objectSelector', { matchLabels: { a: 'b' } }), constraint('objectSelector', {})],
    ['matchConstraints.namespaceSelector', 'namespaces with a label', constraint('namespaceSelector', { matchLabels: { a: 'b' } }), constraint('namespaceSelector', {})],
    ['matchConstraints.excludeResourceRules', 'all but everything', constraint('excludeResourceRules', [everything]), constraint('excludeResourceRules', undefined)],
    ['matchConstraints.resourceRules[0].operations[0]', 'other operations', rule('operations', ['DELETE', 'CONNECT']), rule('operations', ['CREATE', 'UPDATE'])],
    ['matchConstraints.resourceRules[0].apiGroups[0]', 'another group', rule('apiGroups', ['example.com']), rule('apiGroups', ['policies.kyverno.io'])],
    ['matchConstraints.resourceRules[0].scope', 'what has no namespace', rule('scope', 'Cluster'), rule('scope', '*')],
    ['matchConstraints.resourceRules[0].resourceNames', 'one name', rule('resourceNames', ['zzz']), rule('resourceNames', undefined)],
    ['validations[0].expression', 'nothing', (spec) => set((spec.validations as unknown as Loose[])[0], 'expression', 'true || (\'\' == \'images\')'), (spec) => spec],
    ['matchConditions', 'nobody', own('matchConditions', [{ name: 'x', expression: 'false' }]), own('matchConditions', undefined)],
    ['failurePolicy', 'what it can judge', own('failurePolicy', 'Ignore'), own('failurePolicy', 'Fail')],
  ])('may not be changed: %s, for %s', (field, _, weak, sound) => {
    expect([guarded(guard, weak), guarded(guard, sound)]).toEqual([[`KYVERNO_ALTERED ${guard} images-exceptions spec.${field}`], []]);
  });

  test.each<[string, (spec: Loose) => unknown, (spec: Loose) => unknown]>([
    ['validationActions[0]', own('validationActions', ['Audit']), own('validationActions', ['Deny'])],
    ['matchResources', own('matchResources', { objectSelector: { matchLabels: { a: 'b' } } }), own('matchResources', undefined)],
    ['paramRef', own('paramRef', { name: 'x' }), own('paramRef', undefined)],
  ])('may not be bound to less: %s', (field, weak, sound) => {
    expect([guarded(binding, weak), guarded(binding, sound)]).toEqual([[`KYVERNO_ALTERED ${binding} images-exceptions spec.${field}`], []]);
  });

  test('is, like the floor, that of the name that the policy has, whatever its annotation calls it', () => {
    const objects = withKyverno((policy) => set(policy.metadata, 'name', 'others'));
    expect(judgeManifests(withKyverno((policy) => set(policy.metadata, 'name', 'images')), NOW)).toEqual([]);
    expect(judgeManifests(objects, NOW).map(({ message }) => message)).toEqual(expect.arrayContaining([
      'The ValidatingAdmissionPolicy others-exceptions is missing.', 'The ValidatingAdmissionPolicy others-kyverno-floor is missing.',
    ]));
  });
});

test('every rule has its weakened twin, and every rule file is listed', () => {
  expect(RULES.map(({ code }) => code).sort()).toEqual(Object.keys(WEAKENED).sort());
  const files = readdirSync(join(__dirname, '../../lib/refusals/rules')).filter((file) => file !== 'index.ts');
  expect(files).toHaveLength(RULES.length);
});

describe('an image of the verifier that is not the one of its guard', () => {
  const found = (image: unknown, more: Weaken = () => undefined): unknown => {
    const objects = render();
    set(container(objects), 'image', image);
    return judgeManifests(more(objects) ?? objects, NOW).map(({ code, object, path, message }) => [code, object, path, message]);
  };
  const guardsAnother = ['GUARD', 'ValidatingAdmissionPolicy proofgate-verifier', 'spec.variables', `It is for another image than the verifier's Deployment has, "${PINNED.slice(0, 78)}….`];

  const unpinned = (image: string): string[] => (
    ['VERIFIER_IMAGE', 'Deployment proofgate/proofgate-verifier', 'spec.template.spec.containers', `The image is ${image === '' ? '""' : image}.`]
  );

  test.each(['ghcr.io/proofgate/verifier:1', ''])('%j is told to be pinned, and the guard, which nobody changed, is not told to be wrong', (image) => {
    expect(found(image)).toEqual([unpinned(image)]);
  });

  test('pinned, the two images are told not to be the same', () => {
    expect(found(PINNED)).toEqual([guardsAnother]);
  });

  test('what else is wrong with the guard is told in any case', () => {
    const open = guardPart('variables', (part: Array<{ name: string }>) => part.map((one) => (one.name === 'references' ? { ...one, expression: '[]' } : one)));
    const wrong = ['GUARD', 'ValidatingAdmissionPolicy proofgate-verifier', 'spec.variables', 'It is not what closes the namespace to every image but the verifier\'s own.'];
    expect(found('ghcr.io/proofgate/verifier:1', open)).toEqual([wrong, unpinned('ghcr.io/proofgate/verifier:1')]);
    expect(found(PINNED, open)).toEqual([wrong]);
  });

  test('a verifier without a container has a guard for none', () => {
    const objects = render();
    set(find(objects, 'Deployment').spec?.template?.spec, 'containers', []);
    expect(judgeManifests(objects, NOW)).toContainEqual(expect.objectContaining({ code: 'GUARD', object: 'ValidatingAdmissionPolicy proofgate-verifier', path: 'spec.variables' }));
  });
});

test.each([
  ['argocd.argoproj.io/sync-options', 'Replace=true', 'It is "Replace=true", at which Argo CD replaces the object as a whole, or deletes it and makes it anew, so that'],
  ['argocd.argoproj.io/hook', 'Skip', 'It is "Skip", at which Argo CD applies the object as a hook of a sync, or never,'],
  ['kapp.k14s.io/update-strategy', 'always-replace', 'It is "always-replace", at which kapp replaces the object as a whole'],
  ['kapp.k14s.io/update-strategy', 'skip', 'It is "skip", at which kapp no longer keeps the object as it is written.'],
])('the message says what becomes of an object with %s: %s', (key, value, said) => {
  const objects = render();
  set(find(objects, 'Deployment').metadata, 'annotations', { [key]: value });
  expect(judgeManifests(objects, NOW)).toMatchObject([{ code: 'DEPLOYER_SKIPS', path: `metadata.annotations["${key}"]`, message: expect.stringContaining(said) as unknown }]);
});

test('of what is not what the documents call for, the message says where, and both values', () => {
  const policy = (make: (policy: Loose) => unknown): unknown => judgeManifests([...render(), ...withKyverno(make)], NOW).filter(({ code }) => code === 'KYVERNO_ALTERED');
  expect(policy((object) => set(((object.spec?.attestors as unknown as Loose[])[0]?.cosign?.keyless?.identities as unknown as Loose[])[0], 'subject', 'mallory@acme.test'))).toMatchObject([
    { path: 'spec.attestors[0].cosign.keyless.identities[0].subject', message: expect.stringMatching(/^It is "mallory@acme\.test" where the documents call for "[^"]+"\.$/) as unknown },
  ]);
  expect(policy((object) => set(object.spec, 'extra', 5))).toMatchObject([{ path: 'spec.extra', message: 'It is 5 where the documents call for nothing.' }]);
  expect(policy((object) => set(object.spec, 'webhookConfiguration', { timeoutSeconds: '30', x: 1 }))).toMatchObject([
    { path: 'spec.webhookConfiguration.timeoutSeconds', message: 'It is "30" where the documents call for 30. It differs in one more place.' },
  ]);
});

describe.each(['annotations', 'labels'])('among the %s of an object', (field) => {
  const codes = (key: string, value: string): string[] => {
    const objects = render();
    const { metadata } = find(objects, 'ValidatingWebhookConfiguration');
    set(metadata, field, { ...metadata?.[field], [key]: value });
    // Kubernetes takes some of the values in annotations only, which is another rule's.
    return judgeManifests(objects, NOW).map(({ code }) => code).filter((code) => code !== 'OBJECT_NAME');
  };

  test.each([
    ['addonmanager.kubernetes.io/mode', 'EnsureExists', 'Reconcile'],
    ['argocd.argoproj.io/sync-options', 'Prune=false, Replace=true', 'Prune=false, Replace=false'],
    ['argocd.argoproj.io/sync-options', 'Force=true', 'ServerSideApply=true'],
    ['client.lifecycle.config.k8s.io/mutation', 'ignore', 'none'],
    ['config.kubernetes.io/local-config', 'true', 'false'],
    ['configmanagement.gke.io/managed', 'disabled', 'enabled'],
    ['helm.toolkit.fluxcd.io/driftDetection', 'disabled', 'enabled'],
    ['kapp.k14s.io/update-strategy', 'skip', 'fallback-on-replace'],
    ['kustomize.toolkit.fluxcd.io/reconcile', 'Disabled', 'enabled'],
    ['kustomize.toolkit.fluxcd.io/ssa', 'IfNotPresent', 'Merge'],
    ['kustomize.toolkit.fluxcd.io/ssa', 'Ignore', 'Override'],
  ])('%s: %s makes a deployer pass over it, %s does not', (key, skipped, kept) => {
    expect([codes(key, skipped), codes(key, kept)]).toEqual([['DEPLOYER_SKIPS'], []]);
  });

  test.each([
    ['argocd.argoproj.io/hook', 'argocd.argoproj.io/sync-wave'],
    ['helm.sh/hook', 'helm.sh/resource-policy'],
    ['kapp.k14s.io/exists', 'kapp.k14s.io/nonce'],
    ['kapp.k14s.io/noop', 'kapp.k14s.io/change-group'],
  ])('%s makes a deployer pass over it whatever it says, %s does not', (skips, keeps) => {
    expect([codes(skips, ''), codes(keeps, '')]).toEqual([['DEPLOYER_SKIPS'], []]);
  });
});

test('a document that cannot be enforced is found inside its ConfigMap', () => {
  const objects = render();
  set(find(objects, 'ConfigMap'), 'data', { 'policy.json': '{"apiVersion":"proofgate.dev/v1","kind":"ImagePolicy","metadata":{"name":"x"},"spec":{}}' });
  expect(judgeManifests(objects, NOW).map(({ code }) => code)).toEqual(expect.arrayContaining(['INVALID_DOCUMENT', 'POLICY_CONTENT']));
});

test('a key twice in the policy of a ConfigMap is found: one would count, and the reviewer may have read the other', () => {
  const judged = (action: string): string[] => {
    const objects = render();
    set(find(objects, 'ConfigMap'), 'data', { 'policy.json': JSON.stringify(POLICY).replace('"images"', `${action},"images"`) });
    return judgeManifests(objects, NOW).map(({ code }) => code);
  };
  const deny = '"action":{"type":"Deny"}';
  expect(judged(deny)).not.toContain('INVALID_DOCUMENT');
  expect(judged(`${deny},"action":{"type":"Audit","reason":"r","owner":"o@acme.example","until":"2099-01-01"}`)).toContain('INVALID_DOCUMENT');
});

test('half a character in a policy ends no judgement', () => {
  const objects = render();
  set(find(objects, 'ConfigMap'), 'data', { 'policy.json': '"\ud800"' });
  expect(judgeManifests(objects, NOW).map(({ code }) => code)).toContain('POLICY_CONTENT');
});

test.each([[null], ['text'], [[]], [{ kind: 'ValidatingWebhookConfiguration', metadata: { labels: { 'app.kubernetes.io/part-of': 'proofgate' } }, webhooks: [null, 1, {}] }], [{ kind: 3 }]])('junk %j ends no judgement', (junk) => {
  expect(Array.isArray(judgeManifests([junk], NOW))).toBe(true);
});
