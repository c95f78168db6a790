import { judgeManifests } from '../../lib/refusals';

const NOW = Date.UTC(2026, 0, 1);

type Spec = { [field: string]: unknown };

/** What somebody writes by hand who knows the traps. */
const SOUND: Spec = {
  failurePolicy: 'Fail',
  validationActions: ['Deny'],
  matchConstraints: { resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods', 'pods/ephemeralcontainers'] }] },
  images: [{ name: 'volumes', expression: 'object.spec.?volumes.orValue([]).filter(v, has(v.image)).map(v, v.image.reference)' }],
  attestors: [{ name: 'release', cosign: { keyless: { identities: [{ issuer: 'https://issuer.acme.test', subject: 'https://acme.test/release' }] } } }],
  attestations: [{ name: 'signed', intoto: { type: 'https://sigstore.dev/cosign/sign/v1' } }],
  validations: [{ expression: 'images.containers.all(i, verifyAttestationSignatures(i, "signed", [attestors.release]) > 0)' }],
};

const CLUSTER_POLICY: Spec = {
  validationFailureAction: 'Enforce',
  rules: [{ name: 'verify', verifyImages: [{ imageReferences: ['ghcr.io/acme/*'], attestors: [{ entries: [{ keyless: { issuer: 'https://issuer.acme.test', subject: 'https://acme.test/release' } }] }] }] }],
};

function found(kind: string, spec: Spec): string[] {
  const apiVersion = kind === 'ClusterPolicy' ? 'kyverno.io/v1' : 'policies.kyverno.io/v1';
  return judgeManifests([{ apiVersion, kind, metadata: { name: 'theirs' }, spec }], NOW).map(({ code, path }) => `${code} ${path}`);
}

const resourceRules = (operations: string[], resources: string[]): Spec => ({ matchConstraints: { resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations, resources }] } });
const identity = (...identities: object[]): Spec => ({ attestors: [{ name: 'release', cosign: { keyless: { identities } } }] });
const issuer = 'https://issuer.acme.test';
const selector = (namespaceSelector: object): Spec => ({ matchConstraints: { ...SOUND['matchConstraints'] as Spec, namespaceSelector } });
const calls = (expression: string): Spec => ({ validations: [{ expression }] });

test('a policy without any of the traps passes, of all namespaces and of one', () => {
  expect([found('ImageValidatingPolicy', SOUND), found('NamespacedImageValidatingPolicy', SOUND)]).toEqual([[], []]);
});

/** What is wrong, what is found, and the twin that passes. */
const TRAPS: ReadonlyArray<readonly [what: string, finding: string, weak: Spec, sound: Spec]> = [
  ['images run when Kyverno is away', 'KYVERNO_PERMISSIVE spec.failurePolicy', { failurePolicy: 'Ignore' }, { failurePolicy: undefined }],
  ['a violation is only noted', 'KYVERNO_PERMISSIVE spec.validationActions', { validationActions: ['Audit'] }, { validationActions: undefined }],
  ['a violation is noted as well as refused', 'KYVERNO_PERMISSIVE spec.validationActions', { validationActions: ['Deny', 'Audit'] }, { validationActions: ['Deny'] }],
  ['a field that is no field', 'KYVERNO_PERMISSIVE spec.webhookConfiguration.failurePolicy', { webhookConfiguration: { failurePolicy: 'Fail' } }, { webhookConfiguration: { timeoutSeconds: 30 } }],
  ['tags are not pinned', 'KYVERNO_PERMISSIVE spec.validationConfigurations.mutateDigest', { validationConfigurations: { mutateDigest: false } }, { validationConfigurations: { mutateDigest: true } }],
  ['a tag is enough', 'KYVERNO_PERMISSIVE spec.validationConfigurations.verifyDigest', { validationConfigurations: { verifyDigest: false } }, { validationConfigurations: {} }],
  ['an image that nothing looked at', 'KYVERNO_PERMISSIVE spec.validationConfigurations.required', { validationConfigurations: { required: false } }, { validationConfigurations: { required: true } }],
  ['not evaluated at admission', 'KYVERNO_PERMISSIVE spec.evaluation.admission.enabled', { evaluation: { admission: { enabled: false } } }, { evaluation: { background: { enabled: false } } }],
  ['no matchConstraints', 'KYVERNO_UNASKED spec.matchConstraints', { matchConstraints: undefined }, {}],
  ['no ephemeral containers', 'KYVERNO_UNASKED spec.matchConstraints.resourceRules', resourceRules(['CREATE', 'UPDATE'], ['pods']), resourceRules(['CREATE', 'UPDATE'], ['pods', 'pods/*'])],
  ['no updates', 'KYVERNO_UNASKED spec.matchConstraints.resourceRules', resourceRules(['CREATE'], ['pods', 'pods/ephemeralcontainers']), resourceRules(['*'], ['pods', 'pods/ephemeralcontainers'])],
  ['labels decide', 'KYVERNO_UNASKED spec.matchConstraints.objectSelector', { matchConstraints: { ...SOUND['matchConstraints'] as Spec, objectSelector: { matchLabels: { verify: 'yes' } } } }, { matchConstraints: { ...SOUND['matchConstraints'] as Spec, objectSelector: {} } }],
  ['no image volumes', 'KYVERNO_UNASKED spec.images', { images: [] }, {}],
  ['labels of the namespace decide', 'KYVERNO_UNASKED spec.matchConstraints.namespaceSelector.matchLabels', selector({ matchLabels: { verify: 'yes' } }), selector({ matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system'] }] })],
  ['a condition that skips', 'KYVERNO_UNASKED spec.matchConditions[0]', { matchConditions: [{ name: 'a', expression: 'request.userInfo.username != "ci"' }] }, { matchConditions: [] }],
  ['certificates of another authority', 'KYVERNO_IDENTITY spec.attestors[0].cosign.keyless.roots', { attestors: [{ name: 'release', cosign: { keyless: { identities: [{ issuer, subject: 'a' }], roots: 'PEM' } } }] }, identity({ issuer, subject: 'a' })],
  ['nothing is called', 'KYVERNO_UNVERIFIED spec.validations', calls('images.containers.all(i, true)'), {}],
  ['an attestor that nobody asks', 'KYVERNO_UNVERIFIED spec.attestors[1]', { attestors: [...SOUND['attestors'] as Spec[], { name: 'other', cosign: { key: { data: '' } } }] }, { attestors: [...SOUND['attestors'] as Spec[]] }],
  ['an attestation that nobody asks for', 'KYVERNO_UNVERIFIED spec.attestations[1]', { attestations: [...SOUND['attestations'] as Spec[], { name: 'sbom', intoto: { type: 'https://cyclonedx.org/bom' } }] }, {}],
  ['an alias of a predicate type', 'KYVERNO_UNVERIFIED spec.attestations[0].intoto.type', { attestations: [{ name: 'signed', intoto: { type: 'slsaprovenance1' } }] }, { attestations: [{ name: 'signed', intoto: { type: 'https://slsa.dev/provenance/v1' } }] }],
  ['an attestation counts as a signature', 'KYVERNO_UNVERIFIED spec.validations', calls('images.containers.all(i, verifyImageSignatures(i, [attestors.release]) > 0 && verifyAttestationSignatures(i, "signed", [attestors.release]) > 0)'), {}],
  ['nobody in particular', 'KYVERNO_IDENTITY spec.attestors[0].cosign.keyless.identities', identity(), identity({ issuer, subject: 'a' })],
  ['half an identity', 'KYVERNO_IDENTITY spec.attestors[0].cosign.keyless.identities[0]', identity({ issuer }), identity({ issuer, subject: 'https://acme.test/release' })],
  ['an expression that is not anchored', 'KYVERNO_IDENTITY spec.attestors[0].cosign.keyless.identities[0]', identity({ issuer, subjectRegExp: 'https://acme\\.test/.*' }), identity({ issuer, subjectRegExp: '^https://acme\\.test/[^/]*$' })],
  ['a dot for any character', 'KYVERNO_IDENTITY spec.attestors[0].cosign.keyless.identities[0]', identity({ issuer, subjectRegExp: '^https://acme.test/a$' }), identity({ issuer, subjectRegExp: '^https://acme\\.test/a$' })],
  ['alternatives of which the anchors are part', 'KYVERNO_IDENTITY spec.attestors[0].cosign.keyless.identities[0]', identity({ issuer, subjectRegExp: '^a|b$' }), identity({ issuer, subjectRegExp: '^(?:a|b)$' })],
  ['a field that is not read', 'KYVERNO_IDENTITY spec.attestors[0].cosign.keyless.additionalExtensions', { attestors: [{ name: 'release', cosign: { keyless: { identities: [{ issuer, subject: 'a' }], additionalExtensions: { a: 'b' } } } }] }, identity({ issuer, subject: 'a' })],
  ['no log', 'KYVERNO_IDENTITY spec.attestors[0].cosign.ctlog.insecureIgnoreTlog', { attestors: [{ name: 'release', cosign: { keyless: { identities: [{ issuer, subject: 'a' }] }, ctlog: { insecureIgnoreTlog: true } } }] }, { attestors: [{ name: 'release', cosign: { key: { data: '' }, ctlog: { insecureIgnoreTlog: true } } }] }],
  ['a glob', 'KYVERNO_IMAGE_MATCH spec.matchImageReferences[0].glob', { matchImageReferences: [{ glob: 'ghcr.io/acme*' }] }, { matchImageReferences: [{ expression: 'ref.matches("^ghcr[.]io/acme/")' }] }],
  ['a pattern that is not anchored', 'KYVERNO_IMAGE_MATCH spec.matchImageReferences[0].expression', { matchImageReferences: [{ expression: 'ref.matches("ghcr[.]io/acme/")' }] }, {}],
];

test.each(TRAPS)('%s: %s', (_, finding, weak, sound) => {
  expect(found('ImageValidatingPolicy', { ...SOUND, ...weak })).toContain(finding);
  expect(found('ImageValidatingPolicy', { ...SOUND, ...sound })).not.toContain(finding);
});

const entry = (changes: Spec): Spec => {
  const { rules } = structuredClone(CLUSTER_POLICY) as { rules: Array<{ verifyImages: Spec[] }> };
  return { rules: rules.map(({ verifyImages, ...rule }) => ({ ...rule, verifyImages: verifyImages.map((one) => ({ ...one, ...changes })) })) };
};

const rule = (changes: Spec): Spec => ({ rules: (CLUSTER_POLICY['rules'] as Spec[]).map((one) => ({ ...one, ...changes })) });
const KEY = { entries: [{ keys: { publicKeys: 'k' } }] };

const OLDER: ReadonlyArray<readonly [what: string, path: string, weak: Spec, sound: Spec]> = [
  ['gone in 1.20', 'spec.rules[0].verifyImages', {}, { rules: [{ name: 'other', validate: {} }] }],
  ['a violation is only noted', 'spec.validationFailureAction', { validationFailureAction: 'Audit' }, { validationFailureAction: 'enforce' }],
  ['images run when Kyverno is away', 'spec.webhookConfiguration.failurePolicy', { webhookConfiguration: { failurePolicy: 'Ignore' } }, { webhookConfiguration: { failurePolicy: 'Fail' } }],
  ['a rule that only notes', 'spec.rules[0].verifyImages[0].failureAction', entry({ failureAction: 'Audit' }), entry({ failureAction: 'Enforce' })],
  ['what was not verified runs', 'spec.rules[0].verifyImages[0].required', entry({ required: false }), entry({ required: true })],
  ['a tag is enough', 'spec.rules[0].verifyImages[0]', entry({ mutateDigest: false, verifyDigest: false }), entry({ mutateDigest: false })],
  ['nobody is asked', 'spec.rules[0].verifyImages[0].attestors', entry({ attestors: [] }), {}],
  ['nothing says that a violation is refused', 'spec.rules[0].verifyImages[0].failureAction', { validationFailureAction: undefined }, { validationFailureAction: undefined, ...entry({ failureAction: 'Enforce' }) }],
  ['some namespaces have an action of their own', 'spec.validationFailureActionOverrides', { validationFailureActionOverrides: [{ action: 'Audit', namespaces: ['shop'] }] }, { validationFailureActionOverrides: [{ action: 'Enforce', namespaces: ['shop'] }] }],
  ['conditions of the webhook', 'spec.webhookConfiguration.matchConditions', { webhookConfiguration: { matchConditions: [{ name: 'a', expression: 'false' }] } }, { webhookConfiguration: { timeoutSeconds: 30 } }],
  ['reports only', 'spec.admission', { admission: false }, { admission: true }],
  ['who asks is excluded', 'spec.rules[0].exclude', rule({ exclude: { any: [{ subjects: [{ kind: 'User', name: 'ci' }] }] } }), rule({ exclude: { any: [{ resources: { kinds: ['Pod'], namespaces: ['kube-system'] } }] } })],
  ['labels of the object select', 'spec.rules[0].match', rule({ match: { resources: { kinds: ['Pod'], selector: { matchLabels: { a: 'b' } } } } }), rule({ match: { resources: { kinds: ['Pod'] } } })],
  ['preconditions', 'spec.rules[0].preconditions', rule({ preconditions: { all: [] } }), rule({ context: [] })],
  ['an attestation that anybody can sign', 'spec.rules[0].verifyImages[0].attestations[0].attestors', entry({ attestors: undefined, attestations: [{ type: 'https://cyclonedx.org/bom' }] }), entry({ attestors: undefined, attestations: [{ type: 'https://cyclonedx.org/bom', attestors: [KEY] }] })],
  ['no log', 'spec.rules[0].verifyImages[0].attestors', entry({ attestors: [{ entries: [{ keys: { publicKeys: 'k', rekor: { ignoreTlog: true } } }] }] }), entry({ attestors: [{ entries: [{ keys: { publicKeys: 'k', rekor: { ignoreTlog: false } } }] }] })],
  ['an expression that is not anchored', 'spec.rules[0].verifyImages[0].attestors', entry({ attestors: [{ entries: [{ keyless: { issuer, subjectRegExp: 'https://acme\\.test/.*' } }] }] }), entry({ attestors: [{ entries: [{ keyless: { issuer, subjectRegExp: '^https://acme\\.test/[^/]*$' } }] }] })],
  ['a glob that look-alikes meet', 'spec.rules[0].verifyImages[0].imageReferences[0]', entry({ imageReferences: ['ghcr.io/acme*'] }), entry({ imageReferences: ['ghcr.io/acme/app:v*'] })],
  ['a glob that stands for the rest of a host', 'spec.rules[0].verifyImages[0].imageReferences[0]', entry({ imageReferences: ['ghcr.io*'] }), entry({ imageReferences: ['ghcr.io/*'] })],
  ['images that are skipped', 'spec.rules[0].verifyImages[0].skipImageReferences', entry({ skipImageReferences: ['ghcr.io/acme/tools/*'] }), entry({ skipImageReferences: [] })],
  ['a wildcard in an identity', 'spec.rules[0].verifyImages[0].attestors', entry({ attestors: [{ entries: [{ keyless: { issuer, subject: 'https://acme.test/*' } }] }] }), {}],
];

test.each(OLDER)('a ClusterPolicy with verifyImages: %s', (_, path, weak, sound) => {
  expect(found('ClusterPolicy', { ...CLUSTER_POLICY, ...weak })).toContain(`KYVERNO_CLUSTER_POLICY ${path}`);
  expect(found('ClusterPolicy', { ...CLUSTER_POLICY, ...sound })).not.toContain(`KYVERNO_CLUSTER_POLICY ${path}`);
});

describe('an exception', () => {
  const image = { apiVersion: 'policies.kyverno.io/v1', kind: 'ImageValidatingPolicy', metadata: { name: 'theirs' }, spec: SOUND };
  const older = { apiVersion: 'kyverno.io/v1', kind: 'ClusterPolicy', metadata: { name: 'theirs' }, spec: CLUSTER_POLICY };
  const exception = (apiVersion: string, spec: Spec): object => ({ apiVersion, kind: 'PolicyException', metadata: { name: 'some', namespace: 'shop' }, spec });

  test.each<[string, object, (name: string) => object, string]>([
    ['an ImageValidatingPolicy', image, (name) => exception('policies.kyverno.io/v1', { policyRefs: [{ kind: 'ValidatingPolicy', name }] }), 'spec.policyRefs'],
    ['a ClusterPolicy', older, (name) => exception('kyverno.io/v2', { exceptions: [{ policyName: name, ruleNames: ['verify'] }] }), 'spec.exceptions'],
  ])('that names %s is found, and one that names another policy is not', (_, policy, of, path) => {
    const paths = (name: string): string[] => judgeManifests([policy, of(name)], NOW).filter(({ code }) => code === 'KYVERNO_EXCEPTIONS').map((one) => `${one.object} ${one.path}`);
    expect([paths('theirs'), paths('other')]).toEqual([[`PolicyException shop/some ${path}`], []]);
  });

  test('that names the kind of image policies is found without any, and one of another kind is not', () => {
    const codes = (kind: string): string[] => judgeManifests([exception('policies.kyverno.io/v1', { policyRefs: [{ kind, name: 'theirs' }] })], NOW).map(({ code }) => code);
    expect([codes('ImageValidatingPolicy'), codes('ValidatingPolicy')]).toEqual([['KYVERNO_EXCEPTIONS'], []]);
  });
});
