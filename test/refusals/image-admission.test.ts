import { lintManifests, unjudgedAdmission } from '../../lib/refusals';

const NOW = Date.UTC(2026, 0, 1);
const API = 'admissionregistration.k8s.io/v1';

type Spec = { [field: string]: unknown };

const PODS = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods', 'pods/ephemeralcontainers'] }];
const ALL = '(object.spec.containers + object.spec.?initContainers.orValue([]) + object.spec.?ephemeralContainers.orValue([])).map(c, c.image) + object.spec.?volumes.orValue([]).filter(v, has(v.image)).map(v, v.image.reference)';
const BY_NAME = { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system'] }] };

/** What somebody writes by hand who knows the traps. */
const POLICY: Spec = {
  failurePolicy: 'Fail',
  matchConstraints: { resourceRules: PODS },
  variables: [{ name: 'images', expression: ALL }],
  validations: [{ expression: 'variables.images.all(image, image.startsWith("ghcr.io/acme/"))', reason: 'Forbidden' }],
};
const BINDING: Spec = { policyName: 'theirs', validationActions: ['Deny'], matchResources: { namespaceSelector: BY_NAME } };
const ENTRY: Spec = {
  name: 'images.acme.example', clientConfig: { service: { namespace: 'images', name: 'images' } }, rules: PODS, namespaceSelector: BY_NAME, sideEffects: 'None', admissionReviewVersions: ['v1'],
};

const policyOf = (spec: Spec, apiVersion = API): object => ({ apiVersion, kind: 'ValidatingAdmissionPolicy', metadata: { name: 'theirs' }, spec });
const bindingOf = (spec: Spec, name = 'binding'): object => ({ apiVersion: API, kind: 'ValidatingAdmissionPolicyBinding', metadata: { name }, spec });
const webhookOf = (entries: readonly Spec[], kind = 'ValidatingWebhookConfiguration', apiVersion = API): object => ({ apiVersion, kind, metadata: { name: 'acme' }, webhooks: entries });

function found(...objects: object[]): string[] {
  return lintManifests(objects, NOW).map(({ code, path }) => `${code} ${path}`.trim());
}

const constraints = (changes: Spec): Spec => ({ matchConstraints: { resourceRules: PODS, ...changes } });
const rules = (changes: Spec): readonly Spec[] => PODS.map((rule) => ({ ...rule, ...changes }));
const validation = (expression: string): Spec => ({ validations: [{ expression }] });
const checked = (condition: string): Spec => validation(`variables.images.all(image, ${condition})`);

test('a policy, its binding and a webhook without any of the traps pass', () => {
  expect(found(policyOf(POLICY), bindingOf(BINDING), webhookOf([ENTRY]))).toEqual([]);
});

/** What is wrong, what is found, and the twin that passes. */
const POLICIES: ReadonlyArray<readonly [what: string, finding: string, weak: Spec, sound: Spec]> = [
  ['an error admits', 'IMAGE_VAP_PERMISSIVE spec.failurePolicy', { failurePolicy: 'Ignore' }, { failurePolicy: undefined }],
  ['no ephemeral containers', 'IMAGE_VAP_UNASKED spec.matchConstraints.resourceRules', constraints({ resourceRules: rules({ resources: ['pods'] }) }), constraints({ resourceRules: rules({ resources: ['pods/*'] }) })],
  ['no updates', 'IMAGE_VAP_UNASKED spec.matchConstraints.resourceRules', constraints({ resourceRules: [...rules({ operations: ['CREATE'] }), ...rules({ resources: ['pods/ephemeralcontainers'] })] }), constraints({ resourceRules: rules({ operations: ['*'] }) })],
  ['what has no namespace', 'IMAGE_VAP_UNASKED spec.matchConstraints.resourceRules', constraints({ resourceRules: rules({ scope: 'Cluster' }) }), constraints({ resourceRules: rules({ scope: 'Namespaced' }) })],
  ['templates alone', 'IMAGE_VAP_UNASKED spec.matchConstraints.resourceRules', constraints({ resourceRules: rules({ apiGroups: ['apps'], resources: ['deployments'] }) }), constraints({ resourceRules: [...PODS, ...rules({ apiGroups: ['apps'], resources: ['deployments'] })] })],
  ['names alone', 'IMAGE_VAP_UNASKED spec.matchConstraints.resourceRules[0].resourceNames', constraints({ resourceRules: rules({ resourceNames: ['shop'] }) }), constraints({ resourceRules: rules({ resourceNames: [] }) })],
  ['labels of the object', 'IMAGE_VAP_UNASKED spec.matchConstraints.objectSelector', constraints({ objectSelector: { matchLabels: { a: 'b' } } }), constraints({ objectSelector: {} })],
  ['a label that exempts a namespace', 'IMAGE_VAP_UNASKED spec.matchConstraints.namespaceSelector.matchExpressions[0]', constraints({ namespaceSelector: { matchExpressions: [{ key: 'skip', operator: 'DoesNotExist' }] } }), constraints({ namespaceSelector: BY_NAME })],
  ['a label that includes a namespace', 'IMAGE_VAP_UNASKED spec.matchConstraints.namespaceSelector.matchLabels', constraints({ namespaceSelector: { matchLabels: { check: 'yes' } } }), constraints({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } } })],
  ['one version alone', 'IMAGE_VAP_UNASKED spec.matchConstraints.matchPolicy', constraints({ matchPolicy: 'Exact' }), constraints({ matchPolicy: 'Equivalent' })],
  ['excluded resources', 'IMAGE_VAP_UNASKED spec.matchConstraints.excludeResourceRules', constraints({ excludeResourceRules: PODS }), constraints({ excludeResourceRules: [] })],
  ['a condition about who asks', 'IMAGE_VAP_UNASKED spec.matchConditions[0]', { matchConditions: [{ name: 'a', expression: '!("ops" in request.userInfo.groups)' }] }, { matchConditions: [{ name: 'a', expression: 'request.resource.resource != "leases"' }] }],
  ['a condition about what is asked', 'IMAGE_VAP_UNASKED spec.matchConditions[0]', { matchConditions: [{ name: 'a', expression: 'request.resource.resource != "pods"' }] }, { matchConditions: [] }],
  ['a label by which an object exempts itself', 'IMAGE_VAP_UNASKED spec.validations[0].expression', validation('object.metadata.?labels[?"exempt"].orValue("") == "true" || variables.images.all(image, image.startsWith("a/"))'), validation('object.metadata.namespace == "kube-system" || variables.images.all(image, image.startsWith("a/"))')],
  ['a label by which a namespace is exempt', 'IMAGE_VAP_UNASKED spec.validations[0].expression', validation('"exempt" in namespaceObject.metadata.labels'), validation('namespaceObject.metadata.name == "shop"')],
  ['a user who is exempt', 'IMAGE_VAP_UNASKED spec.validations[0].expression', validation('request.userInfo.username == "ci"'), validation('request.operation == "UPDATE"')],
  ['containers alone', 'IMAGE_VAP_UNSEEN spec.validations', { variables: [], ...validation('object.spec.containers.all(c, c.image.startsWith("ghcr.io/acme/"))') }, { variables: [], ...validation(`(${ALL}).all(image, image.startsWith("ghcr.io/acme/"))`) }],
  ['no image volumes', 'IMAGE_VAP_UNSEEN spec.validations', { variables: [{ name: 'images', expression: ALL.replace(/ \+ object\.spec\.\?volumes.*/, '') }] }, {}],
  ['lists that only a text names', 'IMAGE_VAP_UNSEEN spec.validations', { variables: [{ name: 'images', expression: `${ALL.replaceAll('initContainers', 'others')} + ["object.spec.initContainers"]` }] }, {}],
  ['one container is enough', 'IMAGE_VAP_UNSEEN spec.validations[0].expression', validation('object.spec.containers.exists(c, c.image.startsWith("ghcr.io/acme/"))'), validation('!object.spec.containers.exists(c, c.image.endsWith(":latest"))')],
  ['one init container is enough', 'IMAGE_VAP_UNSEEN spec.validations[0].expression', validation('object.spec.?initContainers.orValue([]).exists(c, c.image == "a")'), validation('!(object.spec.?initContainers.orValue([]).exists(c, c.image == "a"))')],
  ['a beginning that look-alikes have', 'IMAGE_VAP_MATCH spec.validations[0].expression', checked('image.startsWith("ghcr.io/acme")'), checked('image.startsWith("ghcr.io/acme/")')],
  ['a host that look-alikes have', 'IMAGE_VAP_MATCH spec.validations[0].expression', checked('image.startsWith(\'ghcr.io\')'), checked('image.startsWith(\'ghcr.io/\')')],
  ['a text anywhere', 'IMAGE_VAP_MATCH spec.validations[0].expression', checked('image.contains("ghcr.io/acme/")'), checked('image.contains("@sha256:")')],
  ['a pattern anywhere', 'IMAGE_VAP_MATCH spec.validations[0].expression', checked('image.matches("ghcr[.]io/acme/")'), checked('image.matches("^ghcr[.]io/acme/")')],
  ['a pattern that ends within the host', 'IMAGE_VAP_MATCH spec.validations[0].expression', checked('image.matches(r"^ghcr\\.io")'), checked('image.matches(r"^ghcr\\.io/")')],
  ['a dot for any character', 'IMAGE_VAP_MATCH spec.validations[0].expression', checked('image.matches("^ghcr.io/acme/")'), checked('image.matches("^ghcr\\\\.io/acme/")')],
  ['a list of what is refused', 'IMAGE_VAP_MATCH spec.validations[0].expression', checked('!image.startsWith("docker.io/")'), checked('!image.endsWith(":latest")')],
  ['a reason that is none', 'IMAGE_VAP_REJECTED spec.validations[0].reason', { validations: [{ expression: 'true', reason: 'ImagePolicy' }] }, { validations: [{ expression: 'true', reason: 'Invalid' }] }],
  ['a message of several lines', 'IMAGE_VAP_REJECTED spec.validations[0].message', { validations: [{ expression: 'true', message: 'a\nb' }] }, { validations: [{ expression: 'true', message: 'a b\n' }] }],
  ['a rule without versions', 'IMAGE_VAP_REJECTED spec.matchConstraints.resourceRules[0].apiVersions', constraints({ resourceRules: rules({ apiVersions: undefined }) }), {}],
];

test.each(POLICIES)('a policy: %s: %s', (_, finding, weak, sound) => {
  expect(found(policyOf({ ...POLICY, ...weak }), bindingOf(BINDING))).toContain(finding);
  expect(found(policyOf({ ...POLICY, ...sound }), bindingOf(BINDING))).not.toContain(finding);
});

const PARAMETERS: Spec = { name: 'registries', namespace: 'platform', parameterNotFoundAction: 'Deny' };
const BINDINGS: ReadonlyArray<readonly [what: string, finding: string, weak: Spec, sound: Spec]> = [
  ['a violation is only noted', 'IMAGE_VAP_PERMISSIVE spec.validationActions', { validationActions: ['Warn', 'Audit'] }, { validationActions: ['Deny', 'Audit'] }],
  ['it is of another policy', 'IMAGE_VAP_PERMISSIVE', { policyName: 'other' }, {}],
  ['no parameters', 'IMAGE_VAP_PERMISSIVE spec.paramRef', { paramRef: undefined }, { paramRef: PARAMETERS }],
  ['without parameters nothing is evaluated', 'IMAGE_VAP_PERMISSIVE spec.paramRef.parameterNotFoundAction', { paramRef: { ...PARAMETERS, parameterNotFoundAction: 'Allow' } }, { paramRef: PARAMETERS }],
  ['tenants write the parameters', 'IMAGE_VAP_PERMISSIVE spec.paramRef.namespace', { paramRef: { ...PARAMETERS, namespace: undefined } }, { paramRef: PARAMETERS }],
  ['labels of the namespace', 'IMAGE_VAP_UNASKED spec.matchResources.namespaceSelector.matchLabels', { matchResources: { namespaceSelector: { matchLabels: { environment: 'prod' } } } }, { matchResources: { namespaceSelector: BY_NAME } }],
  ['no actions', 'IMAGE_VAP_REJECTED spec.validationActions', { validationActions: [] }, {}],
  ['actions that exclude each other', 'IMAGE_VAP_REJECTED spec.validationActions', { validationActions: ['Deny', 'Warn'] }, { validationActions: ['Deny', 'Audit'] }],
  ['parameters by name and by label', 'IMAGE_VAP_REJECTED spec.paramRef', { paramRef: { ...PARAMETERS, selector: {} } }, { paramRef: { ...PARAMETERS, name: undefined, selector: {} } }],
  ['nothing said of missing parameters', 'IMAGE_VAP_REJECTED spec.paramRef.parameterNotFoundAction', { paramRef: { ...PARAMETERS, parameterNotFoundAction: undefined } }, { paramRef: PARAMETERS }],
];

test.each(BINDINGS)('a binding: %s: %s', (_, finding, weak, sound) => {
  const policy = policyOf({ ...POLICY, paramKind: { apiVersion: 'v1', kind: 'ConfigMap' } });
  expect(found(policy, bindingOf({ ...BINDING, paramRef: PARAMETERS, ...weak }))).toContain(finding);
  expect(found(policy, bindingOf({ ...BINDING, paramRef: PARAMETERS, ...sound }))).not.toContain(finding);
});

test('one binding that denies everywhere makes up for another that only warns or is narrower, one for some namespaces does not', () => {
  const narrow = bindingOf({ ...BINDING, validationActions: ['Warn'], matchResources: { namespaceSelector: { matchLabels: { environment: 'dev' } } } }, 'narrow');
  expect(found(policyOf(POLICY), narrow, bindingOf({ ...BINDING, matchResources: undefined }))).toEqual([]);
  expect(found(policyOf(POLICY), narrow, bindingOf(BINDING))).toEqual(['IMAGE_VAP_PERMISSIVE spec.validationActions', 'IMAGE_VAP_UNASKED spec.matchResources.namespaceSelector.matchLabels']);
});

test.each(['v1alpha1', 'v1beta1'])('a policy of %s is judged, and that no server serves it is said', (version) => {
  expect(found(policyOf({ ...POLICY, failurePolicy: 'Ignore' }, `admissionregistration.k8s.io/${version}`), bindingOf(BINDING))).toEqual(['IMAGE_VAP_PERMISSIVE spec.failurePolicy', 'IMAGE_VAP_REJECTED apiVersion']);
});

const ENTRIES: ReadonlyArray<readonly [what: string, finding: string, weak: Spec, sound: Spec]> = [
  ['what is not answered runs', 'IMAGE_WEBHOOK_PERMISSIVE webhooks[0].failurePolicy', { failurePolicy: 'Ignore' }, { failurePolicy: 'Fail' }],
  ['nobody can be asked, and everything runs', 'IMAGE_WEBHOOK_PERMISSIVE webhooks[0].clientConfig.caBundle', { failurePolicy: 'Ignore', clientConfig: { service: { namespace: 'images', name: 'images' }, caBundle: 'Cg==' } }, { clientConfig: { service: { namespace: 'images', name: 'images' }, caBundle: 'Cg==' } }],
  ['no ephemeral containers', 'IMAGE_WEBHOOK_UNASKED webhooks[0].rules', { rules: rules({ resources: ['pods'] }) }, { rules: rules({ resources: ['*/*'] }) }],
  ['no rules yet', 'IMAGE_WEBHOOK_UNASKED webhooks[0].rules', { rules: [] }, {}],
  ['labels of the object', 'IMAGE_WEBHOOK_UNASKED webhooks[0].objectSelector', { objectSelector: { matchExpressions: [{ key: 'skip', operator: 'DoesNotExist' }] } }, { objectSelector: {} }],
  ['labels of the namespace', 'IMAGE_WEBHOOK_UNASKED webhooks[0].namespaceSelector.matchExpressions[0]', { namespaceSelector: { matchExpressions: [{ key: 'policy.sigstore.dev/include', operator: 'In', values: ['true'] }] } }, {}],
  ['one version alone', 'IMAGE_WEBHOOK_UNASKED webhooks[0].matchPolicy', { matchPolicy: 'Exact' }, { matchPolicy: 'Equivalent' }],
  ['a condition', 'IMAGE_WEBHOOK_UNASKED webhooks[0].matchConditions[0]', { matchConditions: [{ name: 'a', expression: 'object.metadata.name != "a"' }] }, { matchConditions: [{ name: 'a', expression: 'request.kind.kind != "Lease"' }] }],
  ['side effects', 'IMAGE_WEBHOOK_REJECTED webhooks[0].sideEffects', { sideEffects: 'Some' }, { sideEffects: 'NoneOnDryRun' }],
  ['a timeout that is taken nowhere', 'IMAGE_WEBHOOK_REJECTED webhooks[0].timeoutSeconds', { timeoutSeconds: 60 }, { timeoutSeconds: 30 }],
  ['no version of reviews', 'IMAGE_WEBHOOK_REJECTED webhooks[0].admissionReviewVersions', { admissionReviewVersions: ['v2'] }, { admissionReviewVersions: ['v1'] }],
  ['a URL without https', 'IMAGE_WEBHOOK_REJECTED webhooks[0].clientConfig', { clientConfig: { url: 'http://images.acme.example' } }, { clientConfig: { url: 'https://images.acme.example' } }],
];

test.each(ENTRIES)('a webhook: %s: %s', (_, finding, weak, sound) => {
  expect(found(webhookOf([{ ...ENTRY, ...weak }]))).toContain(finding);
  expect(found(webhookOf([{ ...ENTRY, ...sound }]))).not.toContain(finding);
});

test('a version of webhook configurations that is gone is said', () => {
  expect(found(webhookOf([ENTRY], undefined, 'admissionregistration.k8s.io/v1beta1'))).toEqual(['IMAGE_WEBHOOK_REJECTED apiVersion']);
});

test('entries that call the same Service share their rules, those of others do not', () => {
  const two = (service: string): object => webhookOf([
    { ...ENTRY, rules: rules({ resources: ['pods'] }) },
    { ...ENTRY, name: 'ephemeral-images.acme.example', rules: rules({ resources: ['pods/ephemeralcontainers'] }), clientConfig: { service: { namespace: 'images', name: service } } },
  ]);
  expect([found(two('images')), found(two('other'))]).toEqual([[], ['IMAGE_WEBHOOK_UNASKED webhooks[0].rules', 'IMAGE_WEBHOOK_UNASKED webhooks[1].rules']]);
});

describe('a mutating webhook', () => {
  const mutating = (name: string): object => webhookOf([{ ...ENTRY, name, failurePolicy: 'Ignore' }], 'MutatingWebhookConfiguration');

  test('that refuses is judged, and that it is not the last is said; beside a validating one for the same Service it is not', () => {
    expect(found(mutating('connaisseur.acme.example'))).toEqual(['IMAGE_WEBHOOK_PERMISSIVE webhooks[0].failurePolicy', 'IMAGE_WEBHOOK_PERMISSIVE webhooks[0].clientConfig.caBundle', 'IMAGE_WEBHOOK_PERMISSIVE webhooks[0]']);
    expect(found({ ...mutating('connaisseur.acme.example'), metadata: { name: 'other' } }, webhookOf([ENTRY]))).toEqual([]);
  });

  test('that only rewrites images is none that enforces', () => {
    expect(found(mutating('image-swap.acme.example'))).toEqual([]);
  });
});

const unrelated = (...objects: object[]): string[] => unjudgedAdmission(objects).map((index) => (objects[index] as { metadata: { name: string } }).metadata.name);

describe('what has nothing to do with images has no finding, and is named as not judged', () => {
  const WEAK: Spec = { failurePolicy: 'Ignore', objectSelector: { matchLabels: { a: 'b' } } };
  const service = { service: { namespace: 'mesh', name: 'sidecars' } };

  test.each<[string, object]>([
    ['a webhook about Pods by another name', webhookOf([{ ...ENTRY, ...WEAK, name: 'sidecars.acme.example', clientConfig: service }])],
    ['a webhook that brings pull secrets', webhookOf([{ ...ENTRY, ...WEAK, name: 'imagepullsecrets.acme.example', clientConfig: service }])],
    ['a webhook about other resources', webhookOf([{ ...ENTRY, ...WEAK, rules: rules({ resources: ['services'] }) }])],
    ['a webhook about the policies of an engine', webhookOf([{ ...ENTRY, ...WEAK, rules: undefined, name: 'validating.clusterimagepolicy.sigstore.dev' }])],
    ['a policy about replicas', policyOf({ ...POLICY, failurePolicy: 'Ignore', variables: [], ...validation('object.spec.replicas <= 5') })],
    ['a policy that only says "image" in a text', policyOf({ ...POLICY, failurePolicy: 'Ignore', variables: [], ...validation('object.metadata.labels["app"] != ".image" // c.image') })],
    ['a policy about images of its own resources', policyOf({ ...POLICY, failurePolicy: 'Ignore', ...constraints({ resourceRules: rules({ apiGroups: ['acme.example'], resources: ['workshops'] }) }), variables: [], ...validation('object.spec.image != ""') })],
    ['a ClusterPolicy that validates', { apiVersion: 'kyverno.io/v1', kind: 'ClusterPolicy', metadata: { name: 'labels' }, spec: { rules: [{ name: 'labels', validate: {} }] } }],
    ['a binding of a policy that is not there', bindingOf({ ...BINDING, policyName: 'elsewhere', validationActions: ['Warn'] })],
  ])('%s', (_, object) => {
    expect([found(object), unrelated(object)]).toEqual([[], [(object as { metadata: { name: string } }).metadata.name]]);
  });

  test('what is judged is not among it, and neither is what decides about no admission', () => {
    expect(unrelated(policyOf(POLICY), bindingOf(BINDING), webhookOf([ENTRY]), { apiVersion: 'v1', kind: 'Service', metadata: { name: 'shop' } })).toEqual([]);
  });

  test('an image by its name in brackets is one', () => {
    expect(found(policyOf({ ...POLICY, failurePolicy: 'Ignore', variables: [], ...validation(ALL.replaceAll('c.image', 'c["image"]').replaceAll('v.image', 'v["image"]')) }), bindingOf(BINDING))).toContain('IMAGE_VAP_PERMISSIVE spec.failurePolicy');
  });
});
