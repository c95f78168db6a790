import { readdirSync } from 'node:fs';

const ENGINE = 'lib/engines/webhook';
const RENDERED = ['test/engines/webhook/render.test.ts'];
const ENTRIES = ['test/engines/webhook/webhooks.test.ts'];
const RULES = 'lib/refusals/rules';
const JUDGED = ['test/refusals/rules.test.ts'];
const BYPASSED = ['test/cdk8s/bypass.test.ts'];

/** What is written, what is refused to be written, and how it is kept as it was rendered. */
export default [
  {
    file: 'lib/authoring/look.ts',
    tests: ['test/authoring/look.test.ts'],
    mistakes: {
      'what is written is seen once': [' && last.after === after', ''],
      'what is rendered is seen once': ['last?.before === before && last.after === after', 'last?.after === after'],
    },
  },
  {
    file: 'lib/engines/webhook/engine.ts',
    tests: ['test/engines/webhook/render.test.ts'],
    mistakes: {
      'trust roots are no content': [', ...trustRootContent({ ...input, settings })', ''],
      'policies are no content': ['...policyContent({ ...input, settings }), ', ''],
    },
  },
  {
    file: 'lib/refusals/standing-judge.ts',
    tests: ['test/refusals/standing-judge.test.ts'],
    mistakes: {
      'what was found is found again, whatever has changed': ['isSame(texts, this.#last?.texts) ? this.#last : undefined', 'this.#last'],
      'a set is the same as its beginning': ['texts.length === others.length && ', ''],
      'time stands still': ['known === undefined || known.dated', 'known === undefined'],
      'whoever changes what was found changes what is found next': ['({ code, remedy, ...observation })', 'Object.assign(observation, { code, remedy })'],
    },
  },
  {
    file: 'lib/cdk8s/enforcement.ts',
    tests: ['test/cdk8s/changed-input.test.ts'],
    mistakes: { 'a construct leads to what judges it': ['enforcements.set(construct, new Enforcement(construct, engine));', 'enforcements.set(construct, new Enforcement(construct, engine)); Object.assign(construct, { judge: enforcementOf(construct) });'] },
  },
  {
    file: 'lib/cdk8s/enforced-object.ts',
    tests: ['test/cdk8s/changed-input.test.ts'],
    mistakes: { 'whoever has an object says what all of them write': ['Object.freeze(EnforcedObject);\n', ''] },
  },
  {
    file: 'lib/pulumi/policy-engine.ts',
    tests: ['test/pulumi/reachable.test.ts'],
    mistakes: {
      'a component leads to what judges it': ['enforcements.set(this, enforcement);', 'enforcements.set(this, enforcement); Object.assign(this, { enforcement });'],
      'a component leads to all others': ['this.#declarations = Declarations.current();', 'this.#declarations = Declarations.current(); Object.assign(this, { declarations: this.#declarations });'],
    },
  },
  {
    file: 'lib/cdk8s/engine-objects.ts',
    tests: ['test/cdk8s/order.test.ts'],
    mistakes: { 'what comes late is written where it happens to stand': ['      late.forEach((manifest) => this.writeBefore(manifest, manifests[manifests.indexOf(manifest) + 1]));\n', ''] },
  },
  {
    file: 'lib/kubernetes/native-policy.ts',
    tests: ['test/cdk8s/order.test.ts'],
    mistakes: { 'a further document takes a binding away': ["scopesOf(binding, own, 'all')", 'scopesOf(binding, own)'] },
  },
  {
    file: 'lib/refusals/divided-namespaces.ts',
    tests: ['test/refusals/divided-namespaces.test.ts'],
    mistakes: {
      'where the other engine names an image does not matter': ['documents.map(({ document }) => document).filter((document) => holdsIn(document, place) !== false)', 'documents.map(({ document }) => document)'],
      'it names none where it only perhaps holds': ['holdsIn(document, place) !== false)', 'holdsIn(document, place) === true)'],
      'it refuses where it only perhaps holds': ['closes(engine, document) && holdsIn(document, place) === true', 'closes(engine, document)'],
      'what perhaps holds is divided': ['holdsIn(located.document, place) === true', 'holdsIn(located.document, place) !== false'],
      'one image in common is enough': ['images.find((image) => !known.some((other) => names(other, image)))', '(images.every((image) => !known.some((other) => names(other, image))) ? images[0] : undefined)'],
      'a narrower pattern names the wider one': ['names(other, image)', 'names(image, other)'],
      'the same words are needed': ['coversPattern(outer, inner)', 'outer.text === inner.text'],
      'only namespaces that are named count': ['[{}, ...labels].map(', '[].map('],
      'labels are not looked at': ['[{}, ...labels].map(', '[{}].map('],
      'nothing is selected but by labels': ['[{}, ...labels].map(', 'labels.map('],
      'a namespace that is left out is none': [' in selection ? selection.except :', ' in selection ? [] :'],
      'what is tried is told to move': ['.filter(({ document }) => !isTrial(document))', ''],
      'a policy that only watches is one that refuses': ["document.kind === 'ImagePolicy' ? !isTrial(document) :", "document.kind === 'ImagePolicy' ? true :"],
      'exemptions are no allow-list of the API server': ["document.kind === 'ImageExemption' && engine === 'native'", 'false'],
      'exemptions are an allow-list of the verifier': ["document.kind === 'ImageExemption' && engine === 'native'", "document.kind === 'ImageExemption'"],
      'exempted by any digest': ['.name}@${digest}`', '.name}`'],
      'labels know no name': ['selection.labels[NAMESPACE_NAME_LABEL] ?? []', '[]'],
    },
  },
  {
    file: 'lib/refusals/rules/namespace-unjudged.ts',
    tests: ['test/refusals/rules.test.ts'],
    mistakes: { 'a deny list may be for namespaces that nobody judges': ["document.kind === 'ImageExemption' ||", "document.kind !== 'ImagePolicy' ||"], 'a changed selector is the list\'s fault': [' || left.some(refused)', ''] },
  },
  {
    file: 'lib/refusals/rules/issuer-locked-out.ts',
    tests: ['test/refusals/rules.test.ts'],
    mistakes: {
      'a policy that only warns locks cert-manager out': [' && document.spec.action?.type !== \'Audit\'', ''],
      'a policy that may hold where cert-manager runs is refused': ['holdsIn(document, { name: issuer }) === true', 'holdsIn(document, { name: issuer }) !== false'],
    },
  },
  {
    file: 'lib/refusals/holds-in.ts',
    tests: ['test/refusals/divided-namespaces.test.ts'],
    mistakes: {
      'a name is a label like others': ['[NAMESPACE_NAME_LABEL]: name = place.name, ...labels } = selection.labels', '[NAMESPACE_NAME_LABEL]: name, ...labels } = { ...selection.labels, [NAMESPACE_NAME_LABEL]: place.name }'],
      'a name beside other labels is enough': ['(Object.keys(labels).length === 0 || coversNamespace({ labels }, place))', 'true'],
    },
  },
  {
    file: 'lib/refusals/holds-in.ts',
    tests: ['test/refusals/rules.test.ts'],
    mistakes: { 'labels beside the name of a namespace do not matter': ['Object.keys(labels).length === 0 || coversNamespace({ labels }, place)', 'true'] },
  },
  {
    file: 'lib/refusals/capabilities/cannot-express.ts',
    tests: ['test/refusals/capabilities.test.ts'],
    mistakes: {
      'what an engine refuses is left out': ["case 'refused': return capability.reason", "case 'refused': return undefined"],
      'every engine can': ['.every((part) => reasonAgainst(other, part, document) === undefined)', '.every(() => true)'],
    },
  },
  {
    file: 'lib/kubernetes/native-policy.ts',
    tests: ['test/kubernetes/native-policy.test.ts'],
    mistakes: {
      'a Pod may run what was exempted once': ['variables.created < timestamp', 'variables.created != timestamp'],
      'an update may bring an exempted image into a Pod': ["object.kind != 'Pod'", 'true'],
      'a tag is enough in a Pod': ["image[3] == '' && object.kind == 'Pod'", 'false'],
      'a policy counts everywhere': ['`(variables.covers${index} && (', '`(true && ('],
      'a label need not be there': ['in namespaceObject.metadata.?labels.orValue({}) &&', 'in {} ||'],
    },
  },
  {
    file: 'lib/kubernetes/guard-objects.ts',
    tests: ['test/kubernetes/guard-objects.test.ts'],
    mistakes: {
      'only what is new counts': ["(request.operation in [\\'UPDATE\\', \\'DELETE\\'] ? [dyn(oldObject)] : [])", "(request.operation in [\\'DELETE\\'] ? [dyn(oldObject)] : [])"],
      'policies are anybody\'s': [" || variables.name.startsWith(variables.verifier + \\'-\\')", ''],
      'a shell is anybody\'s': ["in [\\'attach\\', \\'exec\\']", "in [\\'attach\\']"],
      'a token\'s Secret is anybody\'s': ["  'variables.givesToken',\n", ''],
      'a binding is anybody\'s': ["  'variables.givesRights',\n", ''],
      'labels of the namespace are anybody\'s': ["  'variables.relabelled',\n", ''],
      'a user name is no account': [" || (subject.kind == 'User' && subject.name == variables.verifierUser)", ''],
      'the kubelet may change everything': ["request.?subResource.orValue(\\'\\') == \\'token\\' && request.userInfo", 'request.userInfo'],
      'the verifier writes every Secret of its own': [" + \\'-tls\\'", ''],
      'cert-manager gets tokens': ['&& !variables.givesToken', ''],
      'cert-manager makes Certificates for others': [" && request.?subResource.orValue(\\'\\') == \\'status\\'", ''],
      'cert-manager does not say what became of a request': ["in [\\'certificaterequests\\', \\'issuers\\']", "in [\\'issuers\\']"],
      'whoever asks for certificates is nobody\'s business': ["  'request.resource.group == \\'cert-manager.io\\'',\n", ''],
      'only the verifier\'s Certificate is asked about': ["resources: ['certificaterequests', 'certificates', 'issuers']", "resources: ['certificates']"],
      'anybody says what became of a request': ["'certificaterequests/status', ", ''],
      'anybody says who the API server is': ["  `(request.resource.resource == 'configmaps' && variables.name == ${celString(ROOT_CA)})`,\n", ''],
      'nobody says who the API server is': ["  'system:serviceaccount:kube-system:root-ca-cert-publisher',\n", ''],
    },
  },
  {
    file: 'lib/kubernetes/guard-labels.ts',
    tests: ['test/kubernetes/guard-labels.test.ts'],
    mistakes: {
      'a label that is new is nobody\'s': ['? [variables.${labels}[key]] : []', '? [variables.${labels}[key]] : [variables.labels[key]]'],
      'subresources change labels': ["'namespaces', 'namespaces/finalize', 'namespaces/status'", "'namespaces'"],
      'everybody is an operator': ['size(variables.changed) == 0 || variables.operator', 'size(variables.changed) == 0 || true'],
    },
  },
  {
    file: 'lib/kubernetes/image-lists.ts',
    tests: ['test/kubernetes/native-policy.test.ts'],
    mistakes: {
      'a dot is any character': ["'\\\\$&'", "'$&'"],
      'a pattern is found anywhere in a name': ['`^${[registry', '`${[registry'],
      'the end of an exemption is rounded up': ['Math.floor(parseInstant', 'Math.ceil(parseInstant'],
    },
  },
  {
    file: 'lib/kubernetes/image-variables.ts',
    tests: ['test/kubernetes/native-policy.test.ts'],
    mistakes: {
      'an image is known wherever it stood': ["'${list}/' + container.name", "'${list}/' + ''"],
      'Docker Hub may have capitals': ["in [\\'docker.io/\\', \\'index.docker.io/\\'] ? \\'\\' :", "in [\\'none\\'] ? \\'\\' :"],
      'image volumes are not looked at': ['    `variables.${podSpec}.?volumes', '    `[].filter(x, false) + variables.none.?volumes'],
    },
  },
  {
    file: 'lib/refusals/capabilities/document-fields.ts',
    tests: ['test/refusals/capabilities.test.ts'],
    mistakes: { 'the fields of a part are not looked at': ['...type === undefined ? [] : fieldsOf(type, one.path, one.value)', ''] },
  },
  {
    file: 'lib/authoring/served.ts',
    tests: ['test/cdk8s/other-engine.test.ts'],
    mistakes: { 'an engine takes what it cannot express': ['refuseAny([...cannotExpress(id, document), ', 'refuseAny(['] },
  },
  {
    file: 'lib/kubernetes/kyverno/policy.ts',
    tests: ['test/engines/kyverno/policy.test.ts'],
    mistakes: {
      'Kyverno does not look at image volumes': ["    `${object}.spec.?volumes.orValue([]).filter(volume, has(volume.image)).map(volume, volume.image.?reference.orValue(''))`,\n", ''],
      'an image that no policy names runs': ['expression: `variables.guarded ?', 'expression: `false ?'],
      'one attestor is enough for Kyverno': [' >= ${requirement.threshold}`', ' >= 1`'],
      'a policy for Kyverno holds everywhere': ['variables.policy${index}covers && image.matches', 'image.matches'],
      'a statement is not looked at once it is signed': ["statementConditions(requirement).join(' && ')", "'true'"],
    },
  },
  {
    file: 'lib/kubernetes/kyverno/floor.ts',
    tests: ['test/engines/kyverno/floor.test.ts'],
    mistakes: {
      'Kyverno is asked about kube-system': [", 'kube-system']", ']'],
      'what a policy names runs where Kyverno does not look': ['size(variables.added) == 0`, reason', 'true`, reason'],
      'the floor under Kyverno is bound to its own namespace': ["nativeBindings(documents, 'floor', namespace)", "nativeBindings(documents, 'floor')"],
      'the floor under Kyverno holds no list': ['      ...validations,\n', ''],
    },
  },
  {
    file: 'lib/kubernetes/kyverno/floor.ts',
    tests: ['test/engines/kyverno/capabilities.test.ts'],
    mistakes: { 'a policy for Kyverno may be for kube-public': [", 'kube-public'", ''] },
  },
  {
    file: 'lib/kubernetes/kyverno/predicate.ts',
    tests: ['test/engines/kyverno/policy.test.ts'],
    mistakes: {
      'a second algorithm beside sha256 does not matter': ["subject.digest == {\\'sha256\\': image.substring(size(image) - 64)}", 'subject.digest.sha256 == image.substring(size(image) - 64)'],
      'the builder of a provenance does not matter': ['    `statement.predicate.runDetails.builder.id in ${celStrings(builderIds)}`,\n', ''],
      'unknown external parameters do not matter': ['    `${definition}.externalParameters.all(name, name in ${celStrings(Object.keys(externalParameters))})`,\n', ''],
      'dots of a source are any character': ['${quoted(source)}', '${source}'],
      'members of another version do not matter': ['    `!${celStrings(TOP_LEVEL_V02)}.exists(name, name in statement.predicate)`,\n', ''],
    },
  },
  {
    file: 'lib/kubernetes/kyverno/image-expression.ts',
    tests: ['test/engines/kyverno/image-expression.test.ts'],
    mistakes: {
      'a pattern for Kyverno is not anchored at its end': ['(?:${DIGEST})?`}$`', '(?:${DIGEST})?`}`'],
      '"*" crosses slashes for Kyverno': ["case '*': return COMPONENT;", "case '*': return '.+';"],
      'dots of a host are any character': ['return [quoted(registry), ...path]', 'return [registry, ...path]'],
    },
  },
  {
    file: 'lib/kubernetes/policy-controller/image-policy.ts',
    tests: ['test/engines/policy-controller/policy.test.ts'],
    mistakes: {
      'one attestor is enough for policy-controller': ['requirement.threshold > 1 ?', 'false ?'],
      'a signature of cosign 1 is asked of policy-controller': ["    signatureFormat: 'bundle',\n    ...log", "    signatureFormat: 'legacy',\n    ...log"],
      'neither log nor timestamp is asked of policy-controller': ["...log === 'notRequired' ? { rfc3161timestamp: {} } : {}", '...{}'],
    },
  },
  {
    file: 'lib/kubernetes/policy-controller/image-glob.ts',
    tests: ['test/engines/policy-controller/image-glob.test.ts'],
    mistakes: {
      'Docker Hub has its other name for policy-controller': ["registry === 'docker.io' ? 'index.docker.io' : registry", 'registry'],
      'a pattern for policy-controller has no place for a digest': ['}@sha256:*`', '}`'],
    },
  },
  {
    file: 'lib/kubernetes/policy-controller/floor.ts',
    tests: ['test/engines/policy-controller/policy.test.ts'],
    mistakes: {
      'the label of a namespace does not matter to the floor': ["`size(variables.added) == 0 || (${includes('namespaceObject')})`", "'true'"],
      'images of volumes pass the floor': ["'!variables.added.exists(use, use.startsWith(\\'volumes/\\'))'", "'true'"],
      'what is being deleted gets images': ["'size(variables.added) == 0 || !has(object.metadata.deletionTimestamp)'", "'true'"],
    },
  },
  {
    file: 'lib/kubernetes/policy-controller/guards.ts',
    tests: ['test/engines/policy-controller/policy.test.ts'],
    mistakes: {
      'the label of a namespace may go': ["|| (${includes('object')})`", '|| true`'],
      'the configuration may say anything': ["`object.metadata.name != '${CONFIGURATION}' || (${allowed.join(' && ')})`", "'true'"],
    },
  },
  {
    file: 'lib/engines/policy-controller/not-installed.ts',
    tests: ['test/engines/policy-controller/capabilities.test.ts'],
    mistakes: { 'policy-controller takes every trust root': ['trustRoot === known ?', 'true ?'] },
  },
  {
    file: 'lib/refusals/capabilities/policy-controller.ts',
    tests: ['test/engines/policy-controller/capabilities.test.ts'],
    mistakes: {
      'policy-controller drops claims of the certificate': ['subject: rendered, certificate: claims,', 'subject: rendered, certificate: rendered,'],
      'a timestamp beside the log is dropped': ["transparency?.timestamp !== 'required' || transparency.log === 'notRequired'", 'true'],
      'one signer counts as two for policy-controller': ['(requirement.threshold ?? 1) === 1 || areDistinct', 'true || areDistinct'],
    },
  },
  {
    file: 'lib/refusals/capabilities/kyverno.ts',
    tests: ['test/engines/kyverno/capabilities.test.ts'],
    mistakes: {
      'Kyverno drops claims of the certificate': ['subject: rendered, certificate: claims,', 'subject: rendered, certificate: rendered,'],
      'provenance by a certificate is compared without it': ["attestors.every(({ type }) => type === 'key')", 'true'],
      'one signer counts as two': ['(requirement.threshold ?? 1) === 1 || areDistinct(attestors)', 'true'],
    },
  },
  ...readdirSync(RULES).filter((file) => file !== 'index.ts').map((file) => ({
    file: `${RULES}/${file}`,
    tests: JUDGED,
    mistakes: { 'the rule finds nothing': ['\n  check: (', '\n  check: () => [],\n  unused: ('] },
  })),
  {
    file: `${RULES}/failure-policy.ts`,
    tests: JUDGED,
    mistakes: { 'an entry with an unknown path may fail open': ["(role === 'enforce' || role === 'unknown')", "role === 'enforce'"] },
  },
  {
    file: `${RULES}/foreign-webhook.ts`,
    tests: JUDGED,
    mistakes: {
      'a Service may be called by its URL': [' || services.has(serviceInUrl(entry))', ''],
      'a Service may be called by its name': ['services.has(serviceOf(entry)) || ', ''],
    },
  },
  {
    file: `${RULES}/guard.ts`,
    tests: JUDGED,
    mistakes: {
      'the guard may have conditions': ['list(spec.matchConditions).length > 0', 'list(spec.matchConditions).length < 0'],
      'the guard may only warn': ["!list(validationActions).includes('Deny')", 'validationActions === null'],
      'the binding may narrow': ['matchResources !== undefined || paramRef !== undefined', 'paramRef !== undefined'],
      'the binding may take parameters': ['matchResources !== undefined || paramRef !== undefined', 'matchResources !== undefined'],
      'the guard may have no binding': ['policy === undefined || binding === undefined', 'policy === undefined'],
      'the guard may be for another namespace': ["    ['spec.matchConstraints.namespaceSelector', selectorOf(namespaceSelector), selectorOf(matchConstraints.namespaceSelector)],\n", ''],
      'the guard may leave kinds out': ["    ['spec.matchConstraints.resourceRules', resourceRules, matchConstraints.resourceRules],\n", ''],
      'the guard may compare something else': ["    ['spec.variables', withoutValues(spec.variables, unsaid), withoutValues(expected.variables, unsaid)],\n", ''],
      'the guard may say something else': ['expected.validations.map(({ expression }) => expression)', 'list(spec.validations).map((validation) => fieldsOf(validation).expression)'],
      'the guard may exclude resources': ['list(excludeResourceRules).length > 0', 'list(excludeResourceRules).length < 0'],
      'the guard may match exactly': ["(matchPolicy ?? 'Equivalent') !== 'Equivalent'", "matchPolicy === ''"],
    },
  },
  {
    file: `${RULES}/object-selector.ts`,
    tests: JUDGED,
    mistakes: {
      'labels may select objects': ['Object.keys(fieldsOf(matchLabels)).length > 0 || ', ''],
      'expressions may select objects': [' || list(matchExpressions).length > 0', ''],
    },
  },
  {
    file: `${RULES}/namespace-selector.ts`,
    tests: JUDGED,
    mistakes: { 'a label that exempts is one that selects': ["operator !== 'In' && operator !== 'Exists'", "operator === ''"] },
  },
  {
    file: `${RULES}/namespace-unjudged.ts`,
    tests: JUDGED,
    mistakes: {
      'an entry that only warns judges those who enforce': [": ['enforce'];", ": ['enforce', 'audit'];"],
    },
  },
  {
    file: `${RULES}/rules-incomplete.ts`,
    tests: JUDGED,
    mistakes: {
      'operations may be missing': ["return has('operations', operation) && ", 'return '],
      'groups may be missing': ["wanted.apiGroups.every((group) => has('apiGroups', group)) && ", ''],
      'versions may be missing': ["wanted.apiVersions.every((version) => has('apiVersions', version))\n    && ", ''],
      'a rule may be for what has no namespace': [" && (scope === 'Namespaced' || scope === '*');", ';'],
    },
  },
  {
    file: `${RULES}/timeout.ts`,
    tests: JUDGED,
    mistakes: {
      'a timeout may be above what Kubernetes takes': [' || timeoutSeconds > 30', ''],
    },
  },
  {
    file: `${RULES}/verifier-image.ts`,
    tests: JUDGED,
    mistakes: { 'init containers may have any image': ['[...list(containers), ...list(initContainers)]', '[...list(containers)]'] },
  },
  {
    file: `${RULES}/mutable-builder-ref.ts`,
    tests: JUDGED,
    mistakes: { 'a list of refs names no branch': ['Array.isArray(subject.refs) ? subject.refs : []', '[]'] },
  },
  {
    file: 'lib/kubernetes/admission-rules.ts',
    tests: ENTRIES,
    mistakes: {
      'nobody asks about updates': ["      operations: ['CREATE', 'UPDATE'],\n", "      operations: ['CREATE'],\n"],
      'nobody asks about creations': ["      operations: ['CREATE', 'UPDATE'],\n", "      operations: ['UPDATE'],\n"],
      'nobody asks about ephemeral containers': ["['ephemeralcontainers', 'resize'] as const", "['resize'] as const"],
      'nobody asks about resizes': ["['ephemeralcontainers', 'resize'] as const", "['ephemeralcontainers'] as const"],
      'what has no namespace is asked about': ["      scope: 'Namespaced',\n", "      scope: 'Cluster',\n"],
    },
  },
  {
    file: `${ENGINE}/webhooks.ts`,
    tests: ENTRIES,
    mistakes: {
      'enforcing entries fail open': ["path: '/validate', failurePolicy: 'Fail'", "path: '/validate', failurePolicy: 'Ignore'"],
      'audit entries fail closed': ["path: '/audit', failurePolicy: 'Ignore'", "path: '/audit', failurePolicy: 'Fail'"],
      'the pinning entry fails closed': ["path: '/mutate', failurePolicy: 'Ignore'", "path: '/mutate', failurePolicy: 'Fail'"],
      'enforcing entries only warn': ["path: '/validate', failurePolicy", "path: '/audit', failurePolicy"],
      'enforcing entries ask about Pods only': ["failurePolicy: 'Fail', rules: workloadRules()", "failurePolicy: 'Fail', rules: pinningRules()"],
      'audited policies are enforced': ['policies.filter((document) => !isAudited(document))', 'policies'],
      'every policy is audited': ['policies.filter((document) => !isAudited(document))', '[]'],
      'older versions of a kind are not asked about': ["matchPolicy: 'Equivalent'", "matchPolicy: 'Exact'"],
      'dry runs are not asked about': ["sideEffects: 'None'", "sideEffects: 'Some'"],
      'every namespace asks the verifier': ['    namespaceSelector: selector,\n', ''],
      'the API server waits as long as it likes': ['timeoutSeconds: settings.timeoutSeconds', 'timeoutSeconds: 30'],
      'the pinning entry is called for every Pod': ["    matchConditions: [{ name: 'holds-a-tag', expression: HOLDS_A_TAG }],\n", ''],
      'the pinning entry is called once': ["    reinvocationPolicy: 'IfNeeded',\n", ''],
      'the pinning entry does not see init containers': ["['containers', 'initContainers', 'ephemeralContainers'].map((list) => `object.spec", "['containers', 'ephemeralContainers'].map((list) => `object.spec"],
      'the pinning entry does not see image volumes': ["  'object.spec.?volumes.orValue([])", "  'false && object.spec.?volumes.orValue([])"],
      'the verifier is called without a name': ['name: settings.name, namespace: settings.namespace, path, port: 443', "name: 'verifier', namespace: settings.namespace, path, port: 443"],
    },
  },
  {
    file: 'lib/kubernetes/namespace-scopes.ts',
    tests: ENTRIES,
    mistakes: {
      'the verifier\'s own namespace asks it': ['[...new Set([...excepted, ...leftOut])].sort()', '[...excepted]'],
      'the verifier\'s own namespace asks it by label': ["...(own === undefined ? {} : { matchExpressions: [byName('NotIn', [own])] }), matchLabels", 'matchLabels'],
      'what one policy leaves out is left out for all': ['first?.filter((name) => rest.every((except) => except.includes(name)))', 'first'],
      'names that others leave out are left out': ['excepted === undefined || excepted.includes(name))', 'excepted === undefined)'],
      'a name that another entry covers is asked about twice': ["names === 'all' || excepted === undefined", 'names !== own || excepted === undefined'],
      'labels select nothing': ['}), matchLabels },', '}) },'],
    },
  },
  {
    file: `${ENGINE}/access.ts`,
    tests: RENDERED,
    mistakes: {
      'every Secret of the namespace can be read': ['resourceNames: [tlsSecretName(settings)], ', ''],
      'every webhook configuration can be changed': ['      resourceNames: [settings.name],\n', ''],
      'Secrets can be listed': ["verbs: ['get', 'update'] }]", "verbs: ['get', 'list', 'update'] }]"],
      'webhook configurations can be deleted': ["verbs: ['get', 'patch'],", "verbs: ['get', 'patch', 'delete'],"],
      'namespaces can be changed': ["verbs: ['get', 'list', 'watch'] }", "verbs: ['get', 'list', 'watch', 'patch'] }"],
      'namespaces can be read where nobody selects by label': ['...(readsLabels ? [', '...(true ? ['],
      'namespaces cannot be read where somebody selects by label': ['...(readsLabels ? [', '...(false ? ['],
      'cert-manager\'s verifier can change webhook configurations': ["const selfManaged = settings.tls.mode === 'self-managed';", "const selfManaged = settings.tls.mode !== '';"],
      'Pods of the namespace need not be restricted': ["'restricted'", "'privileged'"],
      'the account\'s token is mounted everywhere': ['automountServiceAccountToken: false', 'automountServiceAccountToken: true'],
      'the Secret is rendered with content': ["type: 'Opaque' };", "type: 'Opaque', data: {} };"],
      'another account has the rights': ["subjects = [{ kind: 'ServiceAccount', name: settings.name, ", "subjects = [{ kind: 'ServiceAccount', name: 'default', "],
    },
  },
  {
    file: `${ENGINE}/content.ts`,
    tests: RENDERED,
    mistakes: {
      'content can be changed in place': ['      immutable: true,\n', ''],
      'relaxations do not show': ['...(accountable === undefined ? {} : {', '...(accountable !== null ? {} : {'],
      'content of any size is written': ['if (bytes.length > LARGEST) {', 'if (bytes.length > Infinity) {'],
      'content is not told apart': ['[CONTENT_LABEL]: content, ', ''],
      'trust roots lose their names': ['{ [TRUST_ROOT_LABEL]: name }', '{}'],
    },
  },
  {
    file: `${ENGINE}/guard.ts`,
    tests: RENDERED,
    mistakes: {
      'the guard only warns': ["validationActions: ['Deny']", "validationActions: ['Warn']"],
      'the guard is bound to nothing': ['policyName: name', "policyName: 'none'"],
    },
  },
  {
    file: 'lib/kubernetes/guard.ts',
    tests: ['test/kubernetes/guard.test.ts'],
    mistakes: {
      'the guard fails open': ["    failurePolicy: 'Fail',\n", "    failurePolicy: 'Ignore',\n"],
      'the guard is for every namespace': ['      namespaceSelector: { matchLabels: { [NAMESPACE_NAME_LABEL]: guard.namespace } },\n', ''],
      'the guard does not see older versions of a kind': ["      matchPolicy: 'Equivalent',\n      namespaceSelector", "      matchPolicy: 'Exact',\n      namespaceSelector"],
      'any image of the verifier\'s repository may run': ['reference != variables.image', "!reference.startsWith(variables.image.split(\\'@\\')[0])"],
      'no image at all is the verifier\'s': ['(size(variables.references) > 0 && size(variables.foreign) == 0)', '(size(variables.foreign) == 0)'],
      'operators may run anything': ['(variables.operator && variables.ownDeployment)', 'variables.operator'],
      'anybody may change the verifier\'s Deployment': ['(variables.operator && variables.ownDeployment)', 'variables.ownDeployment'],
      'any Deployment is the verifier\'s': [' && object.metadata.name == ${celString(guard.name)}', ''],
      'anybody may start the verifier\'s image': ["'variables.unchanged || variables.operator || variables.controller'", "'true'"],
      'whatever is updated is unchanged': ['&& variables.podSpec == variables.oldPodSpec', ''],
      'a creation is unchanged where nothing was': ["'request.operation == \\'UPDATE\\' && variables.podSpec == variables.oldPodSpec'", "'variables.podSpec == variables.oldPodSpec'"],
      'every controller may start it': ["  'system:kube-controller-manager',\n", "  'system:kube-controller-manager',\n  'system:serviceaccount:kube-system:job-controller',\n"],
      'whoever reads webhook configurations is an operator': [".check(\\'update\\')", ".check(\\'get\\')"],
      'no group is an operator': ['group in variables.operatorGroups', 'false'],
      'init containers may have any image': ["['containers', 'initContainers', 'ephemeralContainers'].map((list) =>\n    `variables", "['containers', 'ephemeralContainers'].map((list) =>\n    `variables"],
      'image volumes may have any image': ['.map(volume, volume.image.?reference.orValue(', '.filter(volume, false).map(volume, volume.image.?reference.orValue('],
      'a container without image has none': [".map(container, container.?image.orValue(''))", '.filter(container, has(container.image)).map(container, container.image)'],
    },
  },
  {
    file: `${ENGINE}/workload.ts`,
    tests: RENDERED,
    mistakes: {
      'replicas are not what was asked for': ['      replicas: settings.replicas,\n', '      replicas: 1,\n'],
      'a rollout takes replicas away first': ['maxUnavailable: 0', 'maxUnavailable: 1'],
      'an eviction takes every replica': ['spec: { maxUnavailable: 1, selector', "spec: { maxUnavailable: '100%', selector"],
      'the verifier runs as root': ['runAsNonRoot: true, ', ''],
      'the verifier may make any system call': [", seccompProfile: { type: 'RuntimeDefault' }", ''],
      'the verifier may gain privileges': ['allowPrivilegeEscalation: false', 'allowPrivilegeEscalation: true'],
      'the verifier keeps capabilities': ["capabilities: { drop: ['ALL'] }, ", ''],
      'the verifier may write to its image': ['readOnlyRootFilesystem: true', 'readOnlyRootFilesystem: false'],
      'what is mounted may be written': [', readOnly: true }))', ' }))'],
      'the token is mounted by Kubernetes, too': ['          automountServiceAccountToken: false,\n', ''],
      'replicas may share a node without an attempt to part them': ["['kubernetes.io/hostname', 'topology.kubernetes.io/zone']", '[]'],
      'other namespaces reach the verifier on every port': ['ingress: [{ ...(from && { from }), ports: [tcp(PORT)] }]', 'ingress: [{ ...(from && { from }) }]'],
      'everybody may ask, also where it is said where API servers are': ['...(from && { from }), ', ''],
      'no network is everybody': ['from?.length === 0', 'from?.length === -1'],
      'one network is enough for API servers': ['[...settings.apiServers].sort(compare)', '[...settings.apiServers].sort(compare).slice(0, 1)'],
      'networks are written as they came': ['[...settings.apiServers].sort(compare)', 'settings.apiServers'],
      'the verifier reaches every port': ["egress: [{ ports: [tcp(53), { port: 53, protocol: 'UDP' }] }, ", "egress: [{}, { ports: [tcp(53), { port: 53, protocol: 'UDP' }] }, "],
      'the network policy is for traffic in only': ["policyTypes: ['Ingress', 'Egress']", "policyTypes: ['Ingress']"],
      'policies are not loaded': ["    ...policies.flatMap(({ file }) => ['--policy', file]),\n", ''],
      'trust roots are not loaded': ["'--trust-root', `${name}=${file}`, ", ''],
      'the deadline is not told': ["    '--deadline', String(settings.deadlineSeconds),\n", ''],
      'whoever is alive is ready': ["...probe('/readyz')", "...probe('/healthz')"],
      'whoever is not ready is killed': ["livenessProbe: { ...probe('/healthz')", "livenessProbe: { ...probe('/readyz')"],
      'another image is deployed': ['    image: settings.image,\n', "    image: settings.image.split('@')[0],\n"],
      'environment of Services reaches the verifier': ['          enableServiceLinks: false,\n', ''],
      'the token lives long': ['expirationSeconds: 3600', 'expirationSeconds: 86400'],
    },
  },
  {
    file: `${ENGINE}/default-settings.ts`,
    tests: RENDERED,
    mistakes: {
      'the API server waits as long as the verifier': ['deadlineSeconds: 8', 'deadlineSeconds: 9'],
    },
  },
  {
    file: `${ENGINE}/default-settings.ts`,
    tests: ['test/cdk8s/webhook-verifier.test.ts'],
    mistakes: {
      'one replica is safe': ['replicas: 3', 'replicas: 2'],
      'everybody is an operator': ["operatorGroups: ['system:masters']", "operatorGroups: ['system:authenticated']"],
      'memory has no end': ['limits: { memory:', 'limits: { cpu:'],
    },
  },
  {
    file: `${ENGINE}/render.ts`,
    tests: RENDERED,
    mistakes: {
      'nothing guards the verifier\'s namespace': ['    ...guard(settings),\n', ''],
      'nothing keeps replicas from eviction': ['    disruptionBudget(settings),\n', ''],
      'nothing pins': ['    mutatingWebhook(input),\n', ''],
      'nothing enforces': ['    validatingWebhook(input),\n', ''],
    },
  },
  {
    file: 'lib/authoring/verifier-settings.ts',
    tests: ['test/cdk8s/webhook-verifier.test.ts'],
    mistakes: { 'where API servers are is forgotten': ['      apiServers: props.apiServers,\n', ''] },
  },
  {
    file: 'lib/authoring/alterations.ts',
    tests: ['test/cdk8s/webhook-verifier.test.ts'],
    mistakes: { 'others may be let in by hand': ['  PodDisruptionBudget: [', "  NetworkPolicy: ['spec.ingress[0].from'],\n  PodDisruptionBudget: ["] },
  },
  {
    file: 'lib/authoring/verifier-proxy.ts',
    tests: ['test/cdk8s/webhook-verifier.test.ts'],
    mistakes: { 'what is no network goes past the proxy': ['parseIpNetwork(written) === undefined', "!written.includes('.')"] },
  },
  {
    file: 'lib/authoring/api-servers.ts',
    tests: ['test/cdk8s/webhook-verifier.test.ts'],
    mistakes: {
      'everybody is an API server': ['parsed.prefix < (parsed.bits.length === 32 ? 8 : 16)', 'parsed.prefix < 0'],
      'half of all addresses are an API server': ['? 8 : 16', '? 1 : 1'],
      'nobody is named, which is everybody': ['field.value.length === 0', 'field.value.length < 0'],
      'a network may have bits of an address': ["parsed.bits.slice(parsed.prefix).includes('1')", 'parsed.prefix < 0'],
      'a network may be named twice': ['text !== undefined && seen.has(text)', 'text === undefined && seen.has(item.path)'],
      'the same in other words is another': ['const text = parsed && ipNetworkText(parsed);', 'const text = parsed && String(item.value);'],
      'an IPv4 network may be written as IPv6': ['.startsWith(MAPPED)', '.startsWith(MAPPED.repeat(2))'],
    },
  },
  {
    file: 'lib/authoring/alterations.ts',
    tests: BYPASSED,
    mistakes: {
      'nothing counts as altered': ['yield { field, rendered, written };', ''],
      'what is added is no alteration': ['[...new Set([...Object.keys(rendered), ...Object.keys(written)])]', 'Object.keys(rendered)'],
      'the network policy may be opened': ['  PodDisruptionBudget: [', "  NetworkPolicy: ['spec'],\n  PodDisruptionBudget: ["],
      'Pods may have more labels': ['/^metadata\\.labels$|', '/metadata\\.labels$|'],
      'labels may be taken away': ['descriptive ? Object.keys(rendered)', 'descriptive ? []'],
      'the args of the verifier may be altered': ["    'spec.template.spec.containers[0].resources',\n", "    'spec.template.spec.containers[0].resources',\n    'spec.template.spec.containers[0].args',\n"],
    },
  },
  {
    file: 'lib/cdk8s/enforced-object.ts',
    tests: BYPASSED,
    mistakes: {
      'what is rendered is not judged': ['        refuseAny(source.judge(written));\n', ''],
      'content that was changed by hand is not noticed': ["(props === this.#content ? undefined : changedField(this.#content, props ?? 'null'))", 'undefined'],
      'content that was taken away is no change': ["changedField(this.#content, props ?? 'null')", 'changedField(this.#content, props as string)'],
      'content that JSON cannot hold ends the judgement': ['      if (this.#tamperedAt() === undefined) {\n        goOn(error);\n      }', '      goOn(error);'],
      'changes by hand are forgotten when more comes': ['      this.#tampered = this.#tamperedAt();\n', ''],
      'toJson can be replaced': ["Object.defineProperty(this, 'toJson', {\n      value:", "Object.defineProperty(this, 'toJson', {\n      writable: true,\n      configurable: true,\n      value:"],
      'added metadata wins': ['...added,\n    ...own,', '...own,\n    ...added,'],
      'added labels win': ['{ ...added[field], ...own[field] }', '{ ...own[field], ...added[field] }'],
    },
  },
  {
    file: 'lib/cdk8s/enforcement.ts',
    tests: BYPASSED,
    mistakes: {
      'a chart may leave objects out': ['      ...members.filter(({ key }) => !byKey.has(key)).map(dropped),\n', ''],
    },
  },
  {
    file: 'lib/cdk8s/roll.ts',
    tests: BYPASSED,
    mistakes: {
      'what was taken out of the tree is not missed': ['const detached = [...this.members].map(detachedFrom)', 'const detached = [].map(detachedFrom)'],
      'only the first scope is looked at': ['return detachedFrom(scope) ?? (', 'return ('],
    },
  },
  {
    file: 'lib/cdk8s/roll.ts',
    tests: ['test/cdk8s/requirements.test.ts'],
    mistakes: { 'what nothing names is passed over': ['this.used.has(construct) ? []', 'this.used !== undefined ? []'] },
  },
  {
    file: 'lib/authoring/input.ts',
    tests: ['test/cdk8s/unresolved.test.ts'],
    mistakes: {
      'values that come later are values': ['refuseAny([...unresolved(path, \'\', props)]);', ''],
      'functions are values': ["if (typeof value === 'function' && !isClass(value)) {", "if (value === '') {"],
      'values that come later hide in lists': ['} else if (Array.isArray(value)) {', '} else if (value === null) {'],
    },
  },
  {
    file: 'lib/authoring/image-policy.ts',
    tests: ['test/cdk8s/signed-image-policy.test.ts'],
    mistakes: {
      'a threshold is forgotten': [', threshold: demand.threshold, ', ', '],
      'annotations are forgotten': [', annotations: demand.signatureAnnotations,', ','],
      'requirements are forgotten': ['[signature, ...requirements.map((requirement): Requirement => ({ ...rules, ...requirement }))]', '[signature]'],
      'a policy requires no signature': ['[signature, ...requirements.map(', '[...requirements.length > 0 ? [] : [signature], ...requirements.map('],
      'what holds for the signature does not for requirements': ['({ ...rules, ...requirement })', 'requirement'],
      'requirements have no say of their own': ['({ ...rules, ...requirement })', '({ ...requirement, ...rules })'],
      'tags are forgotten': ['      tags: demand.tags,\n', ''],
      'namespaces are forgotten': ['      namespaces: demand.namespaces?._document,\n', ''],
    },
  },
  {
    file: 'lib/authoring/github-workflow.ts',
    tests: ['test/cdk8s/keyless-attestor.test.ts'],
    mistakes: {
      'the repository is not bound': ['      sourceRepositoryUri: repository,\n', ''],
      'the ref is not bound': ['      sourceRepositoryRef: onlyRef,\n', ''],
      'the repository\'s id is not bound': ['      sourceRepositoryId: props.repositoryId,\n', ''],
      'the owner\'s id is not bound': ['      sourceRepositoryOwnerId: props.ownerId,\n', ''],
      'the trigger is not bound': ['      buildTrigger: props.trigger,\n', ''],
      'a reusable workflow may be called': ['      buildConfigUri: subject,\n', ''],
    },
  },
  {
    file: `${RULES}/disruption-budget.ts`,
    tests: JUDGED,
    mistakes: {
      'a budget of another namespace is one': [' && namespace === deployment.namespace', ''],
      'a budget may allow every eviction': ['replicas) < 1)', 'replicas) < -9)'],
    },
  },
  {
    file: 'lib/refusals/dated.ts',
    tests: JUDGED,
    mistakes: {
      'exemptions do not expire': ["if (document.kind === 'ImageExemption') {\n", "if (document.kind === 'ImageExemption') {\n      return [];\n"],
      'windows do not expire': ["action?.type === 'Audit' ?", "action?.type === '' ?"],
    },
  },
  {
    file: `${RULES}/foreign-webhook.ts`,
    tests: JUDGED,
    mistakes: { 'only Services that entries name are looked at': ["own && (kind === 'Service' || kind === 'Deployment')", "own && kind === ''"] },
  },
  {
    file: `${RULES}/guard.ts`,
    tests: JUDGED,
    mistakes: {
      'the guard may fail open': ["(spec.failurePolicy ?? 'Fail') !== 'Fail'", "spec.failurePolicy === ''"],
      'the guard may select objects': ['Object.values(fieldsOf(objectSelector)).some((part) => !isEmpty(part)) || ', ''],
    },
  },
  {
    file: `${RULES}/policy-content.ts`,
    tests: JUDGED,
    mistakes: {
      'a policy may be changed in place': ['content.immutable === true ? []', "content.immutable !== '' ? []"],
      'a policy may have the name of another': [' && isNamedByContent(name, entry[1])', ''],
    },
  },
  {
    file: `${RULES}/rules-incomplete.ts`,
    tests: JUDGED,
    mistakes: { 'resources may be missing': ['texts(rule.resources).some((pattern) => isResource(pattern, resource)) && ', ''] },
  },
  {
    file: `${RULES}/timeout.ts`,
    tests: JUDGED,
    mistakes: { 'a timeout may be below the verifier\'s deadline': [' || !(timeoutSeconds > deadlineOf(subject))', ''] },
  },
  {
    file: `${RULES}/native-policy.ts`,
    tests: JUDGED,
    mistakes: {
      'a policy without its documents is sound': ["return subject.alone ? [] : [{ object: id, path: 'metadata.annotations'", "return subject.now > 0 ? [] : [{ object: id, path: 'metadata.annotations'"],
      'a policy without its documents may fail open': ['...openings(policy), ...wrongContent(policy, subject)', '...(sourceOf(policy, subject).documents.length === 0 ? [] : openings(policy)), ...wrongContent(policy, subject)'],
      'a policy needs no engine': ["['metadata.labels', isUnnamed,", "['metadata.labels', false,"],
      'what is alone among the objects is judged alone': ['...subject.alone ? [] : missingBindings', '...subject.alone || subject.objects.length === 1 ? [] : missingBindings'],
      'a binding may bind nothing': ['isLost && !alone, `No Valid', 'false, `No Valid'],
      'a binding is judged next to its policy only': ['!(isLost || policies.some(binds))', '!policies.some(binds)'],
    },
  },
  {
    file: 'lib/refusals/recognize.ts',
    tests: JUDGED,
    mistakes: { 'a policy that says what it was rendered from is somebody else\'s': ['Object.hasOwn(object.annotations, DOCUMENTS_ANNOTATION) || ', ''] },
  },
  {
    file: `${RULES}/kyverno-altered.ts`,
    tests: ['test/cdk8s/kyverno-engine.test.ts'],
    mistakes: { 'the floor under Kyverno may be anything': ['...rendered.beside.flatMap((part) => againstRendered(part, object, subject))', ''] },
  },
  {
    file: `${RULES}/kyverno-altered.ts`,
    tests: JUDGED,
    mistakes: {
      'the guard against exceptions may be anything': ['...exceptionGuard(name), ', ''],
      'the floor is that of what the annotation calls the policy': ['as KyvernoSettings, name }', 'as KyvernoSettings }'],
    },
  },
  {
    file: 'lib/refusals/judge.ts',
    tests: ['test/refusals/starting-set.test.ts'],
    mistakes: {
      'a document that cannot be enforced is passed over': ['error.problems.forEach(({ path, message }) => invalid(object.id, path, message));', ''],
      'bare documents are passed over': ['if (isDocumentLike(content)) {', 'if (content === undefined) {'],
    },
  },
  {
    file: `${ENGINE}/render.ts`,
    tests: RENDERED,
    mistakes: { 'nothing limits the network': ['    networkPolicy(input),\n', ''] },
  },
  {
    file: 'lib/cdk8s/seal.ts',
    tests: BYPASSED,
    mistakes: {
      'what a chart writes is not judged': ['  refuseAny(judge(copy));\n', ''],
      'what was judged can still be changed': ['const copy = jsonOf(written.filter((value) => value !== undefined)) as unknown[];', 'const copy = written;'],
    },
  },
  {
    file: 'lib/kubernetes/yaml-text.ts',
    tests: ['test/kubernetes/yaml-text.test.ts'],
    mistakes: {
      'line breaks of Unicode are text': ['[\\u2028\\u2029\\ufeff', '[\\ufeff'],
      'a byte order mark is text': ['\\u2029\\ufeff', '\\u2029'],
      'control characters are text': ['/(?![\\t\\n\\r])\\p{Cc}|', '/'],
      'a carriage return alone is text': ['\\r(?!\\n)|', ''],
      'dots separate documents': ['  [/^\\.\\.\\.(?=\\s|$)/m,', '  [/(?!)/m,'],
      'a document may begin on the line of its separator': ['  [/^---(?!', '  [/(?!)---(?!'],
      'a comment may follow the separator at once': ['[ \\t]+#.*)', '[ \\t]*#.*)'],
      'directives are read by all': ['  [/^%/m,', '  [/(?!)%/m,'],
    },
  },
  {
    file: 'lib/kubernetes/yaml-value.ts',
    tests: ['test/kubernetes/yaml-text.test.ts'],
    mistakes: {
      'keys are plain': ['...message === undefined ? [] : [{ path: at, message }], ', ''],
      'no key merges': ["key === '<<'", "key === ''"],
      'lists are plain': ['value.flatMap((item, index) => misreadIn(item, element(path, index)))', '[]'],
      'a text stays a text': ['/^[-+]?0o[0-7_]+$/', '/^$^/'],
    },
  },
  {
    file: 'lib/authoring/judgement.ts',
    tests: BYPASSED,
    only: 'ends',
    mistakes: { 'texts of the verifier\'s objects may end lines': ['return [...changed, ...misread(path, written, seen.misread)];', 'return changed;'] },
  },
  {
    file: 'lib/cdk8s/claims.ts',
    tests: ['test/cdk8s/kyverno-engine.test.ts'],
    mistakes: {
      'others may except from the policy': ['        ...this.foreignException(path, manifest),\n', ''],
      'exceptions are refused where nobody reads them': ["this.engine.id === 'kyverno' && ", ''],
    },
  },
  {
    file: 'lib/cdk8s/claims.ts',
    tests: ['test/cdk8s/beside.test.ts'],
    mistakes: {
      'texts of others may end lines': ['      ...misread(path, value),\n', ''],
      'others may give away the verifier\'s rights': [', ...this.foreignBinding(path, manifest),', ','],
    },
  },
  {
    file: 'lib/cdk8s/enforcement-validation.ts',
    tests: ['test/cdk8s/enforcement-validation.test.ts'],
    only: 'alone enforces',
    mistakes: {
      'only the bundled verifier enforces': ["object.metadata.labels[ENGINE_LABEL] ?? 'webhook'", "'webhook'"],
      'whatever is of an engine enforces': ['isEngine(engine) && object.kind === ENGINES[engine].keystone.kind && ', 'isEngine(engine) && '],
      'a kind of any group enforces': [' && groupOf(object.apiVersion) === ENGINES[engine].keystone.group', ''],
    },
  },
  {
    file: 'lib/kubernetes/api-versions.ts',
    tests: ['test/cdk8s/every-engine.test.ts'],
    mistakes: {
      'a namespace makes another policy for Kyverno': ["  ['policies.kyverno.io', ['ImageValidatingPolicy']],\n", ''],
      'a namespace makes another policy for policy-controller': ["['ClusterImagePolicy', 'TrustRoot']", "['TrustRoot']"],
    },
  },
  {
    file: 'lib/kubernetes/api-versions.ts',
    tests: ['test/kubernetes/api-versions.test.ts'],
    mistakes: {
      'a kind of any group is that of ours': ['CLUSTER_SCOPED.get(groupOf(apiVersion))?.includes(kind) ?? false', '[...CLUSTER_SCOPED.values()].flat().includes(kind)'],
      'trust roots are in namespaces': ["['ClusterImagePolicy', 'TrustRoot']", "['ClusterImagePolicy']"],
    },
  },
  {
    file: 'lib/kubernetes/object-list.ts',
    tests: ['test/kubernetes/object-list.test.ts'],
    mistakes: {
      'an item is what it says, or nothing': ['return items.map((item) => itemOf(manifest, item));', 'return items;'],
      'an item that says its version is typed': ['isPlainObject(item) || isSaid(item.kind)', 'isPlainObject(item) || isSaid(item.kind) || isSaid(item.apiVersion)'],
      'an item that says nothing of use is typed': ['isSaid(item.kind)) {', 'item.kind !== undefined) {'],
    },
  },
  {
    file: `${RULES}/verifier-files.ts`,
    tests: ['test/refusals/evasions.test.ts'],
    mistakes: {
      'anything may be mounted anywhere': ['...(source === undefined || isTwice ?', '...(isTwice ?'],
      'two may be mounted in one place': ['...(source === undefined || isTwice ?', '...(source === undefined ?'],
      'any volume may be mounted': ['...(source !== undefined && volume?.[source] === undefined ?', '...(source === null ?'],
      'one file may be mounted': ['!MOUNT_FIELDS.includes(field)', "field === ''"],
      'a source may choose its files': ['SOURCES[source]?.includes(field) === false', "field === ''"],
      'any token will do': ['.filter((projected) => !isOwnToken(projected, isForRegistries))', '.filter(() => false)'],
      'registries may be told anything': ['  if (isForRegistries) {\n', '  if (isForRegistries) {\n    return true;\n'],
      'a token may be for anybody': [' && (audience ?? null) === null)', ')'],
      'any authority of the API server will do': [" && name === 'kube-root-ca.crt')", ')'],
    },
  },
  {
    file: `${RULES}/verifier-command.ts`,
    tests: ['test/refusals/evasions.test.ts'],
    mistakes: {
      'a part needs no digest': ['found === wanted ? []', 'found <= wanted ? []'],
      'a part may have two digests': ['found === wanted ? []', 'found >= wanted ? []'],
      'a root may be given twice': ["new Set(named('--trust-root')).size < named('--trust-root').length", 'false'],
      'roots need no digest': ["...new Set([...named('--trust-root'), ...named('--trust-root-digest')])", "...new Set(named('--trust-root-digest'))"],
      'a digest may be of a root that is not there': ["...new Set([...named('--trust-root'), ...named('--trust-root-digest')])", "...new Set(named('--trust-root'))"],
      'a root may replace one that ships': ["&& !SHIPPED_TRUST_ROOTS.includes(value.slice(0, value.indexOf('=')))", ''],
    },
  },
  {
    file: `${RULES}/policy-unread.ts`,
    tests: ['test/refusals/evasions.test.ts'],
    mistakes: {
      'any digest is that of the policies': ['digest !== undefined && said !== digest', 'digest === null'],
      'any digest is that of a trust root': ["    ...valuesOf(verifier.args, '--trust-root-digest').map(", '    ...[].map('],
      'any digest is that of the registries': ["    ...valuesOf(verifier.args, '--registry-config-digest').map(", '    ...[].map('],
      'trust roots may come from anywhere': [", ['--trust-root', 'trust-root']", ''],
      'a trust root may be another': [" && (content !== 'trust-root' || labels[TRUST_ROOT_LABEL] === trustRoot)", ''],
    },
  },
  {
    file: `${RULES}/verifier-authority.ts`,
    tests: ['test/refusals/evasions.test.ts'],
    mistakes: {
      'the Secret may be filled in': ["['data', 'stringData']", "['data']"],
      'the Secret may stay empty': ['content.immutable === true', 'content.immutable === 1'],
      'an entry may name its authority': ["isFilled(fieldsOf(fields.clientConfig), 'caBundle')", "isFilled(fieldsOf(fields.clientConfig), '')"],
    },
  },
  {
    file: `${RULES}/object-lifetime.ts`,
    tests: ['test/refusals/evasions.test.ts'],
    mistakes: { 'an object may be on its way out': ["'deletionTimestamp', ", ''] },
  },
  {
    file: `${RULES}/object-name.ts`,
    tests: ['test/refusals/evasions.test.ts'],
    mistakes: {
      'labels may hold anything': ['labels, isLabelValue)', 'labels, () => true)'],
      'names of labels may hold anything': ['...(isLabelKey(key) ||', '...(key !== null ||'],
      'annotations may hold anything': ["typeof value === 'string' && isValue(value)", "typeof value !== 'string' || isValue(value)"],
      'annotations may be long': ['size > LARGEST ?', 'size > Infinity ?'],
      'Pods may have any labels': [", ['spec.template.metadata', template.metadata] as const]", ']'],
    },
  },
  {
    file: `${RULES}/webhook-entry.ts`,
    tests: ['test/refusals/evasions.test.ts'],
    mistakes: {
      'a configuration may have any name': ['names.length === 0 || names.includes(object.name)', 'names.length >= 0'],
      'a configuration may have the name of another verifier': ['.filter(({ object: { namespace } }) => called.has(namespace))', '.filter(() => called.size > 0)'],
      'no version need be answered': ["list(admissionReviewVersions).includes('v1')", 'list(admissionReviewVersions)'],
      'names may come twice': ['other.object === object && other.fields.name === fields.name', 'other.object !== object'],
      'a port may be anything': ['port > 0 && port < 65_536', 'port > 0'],
      'operations may be anything': [' && operations.every((operation) => OPERATIONS.includes(operation))', ''],
      'wildcards stand beside others': ["return values.length === 1 || !values.includes('*');", 'return values.length > 0;'],
      'all resources stand beside others': ["wild === '*/*' || ", ''],
      'all resources without a part stand beside others': [" || (wild === '*' && otherSubresource === undefined)", ''],
      'all parts of a resource stand beside others': [' || resource === otherResource))', '))'],
      'a part of all resources stands beside others': [" || (resource === '*' && subresource === otherSubresource)", ''],
      'a scope may be anything': ['SCOPES.includes(scope as string)', 'SCOPES.length > 0'],
    },
  },
  {
    file: 'lib/refusals/guards.ts',
    tests: JUDGED,
    mistakes: {
      'the guard may be for any image': ['container === undefined || isPinned(image) ? OPERATORS', 'container === null ? OPERATORS'],
      'the guard of a verifier without a container may be for any image': ['container === undefined || isPinned(image)', 'isPinned(image)'],
      'of an image that is not pinned the guard is to blame': ['isPinned(image) ? OPERATORS', 'image !== null ? OPERATORS'],
    },
  },
  {
    file: `${RULES}/guard.ts`,
    tests: JUDGED,
    mistakes: {
      'the guard may know no operators': ['(names.some((name) => name === variable.name) ? { name: variable.name } : variable))', 'variable).filter((variable) => !names.some((name) => name === variable.name))'],
      'the guard may say what cannot be compiled': ["    ['spec.validations', list(spec.validations).map(messageExpressionOf), expected.validations.map(messageExpressionOf)],\n", ''],
    },
  },
  {
    file: 'lib/cdk8s/roll.ts',
    tests: ['test/cdk8s/caught.test.ts'],
    mistakes: { 'what was refused before it was made is forgotten': ['      this.unmade.set(path, what);\n', ''] },
  },
  {
    file: 'lib/cdk8s/enforced-object.ts',
    tests: ['test/cdk8s/patches.test.ts'],
    mistakes: {
      'a patch that is no pointer is applied': ['    refusePointers(this);\n', ''],
      'a patch that cannot be applied is told by nobody': ['      refuseUnapplied(this);\n', ''],
    },
  },
  {
    file: 'lib/refusals/show.ts',
    tests: ['test/refusals/show.test.ts'],
    mistakes: { 'two long values may be shown alike': ['start <= BEFORE ||', 'start !== undefined ||'] },
  },
  {
    file: 'lib/cdk8s/roll.ts',
    tests: ['test/cdk8s/late.test.ts'],
    mistakes: { 'what is made after the files is taken': ['if (isSynthesized(root)) {', 'if (root === undefined) {'] },
  },
  {
    file: 'lib/refusals/rules/verifier-rights.ts',
    tests: ['test/refusals/evasions.test.ts'],
    mistakes: {
      'the verifier\'s user is somebody else': [" || (bound.kind === 'User' && bound.name === `system:serviceaccount:${at}:${show(account)}`)", ''],
      'a group of accounts does not hold the verifier': ['subjects.some(includesVerifier)', 'subjects.some(isVerifier)'],
      'whoever shares its namespace is the verifier': ['subjects.filter((bound) => !isVerifier(bound))', 'subjects.filter((bound) => !includesVerifier(bound))'],
      'pull Secrets may be listed': ["resources: ['secrets'], verbs: ['get'] })", "resources: ['secrets'], verbs: ['get', 'list'] })"],
    },
  },
  {
    file: 'lib/refusals/pull-secrets.ts',
    tests: ['test/refusals/evasions.test.ts'],
    only: 'G15',
    mistakes: {
      'all Secrets may be read': ['names.length > 0 && names.every', 'names.every'],
      'any Secret may be read': [').includes(name))));', ').length > 0)));'],
      'pull Secrets may be read everywhere': ["kind === 'ClusterRole' ? everywhere : within.get(namespace) ?? []", '[...everywhere, ...[...within.values()].flat()]'],
    },
  },
  {
    file: 'lib/kubernetes/pull-rights.ts',
    tests: ['test/engines/webhook/render.test.ts'],
    only: 'G15',
    mistakes: {
      'pull Secrets are read wherever a policy holds': ['documents.filter((one) => registriesOf(one).includes(host))', 'documents'],
      'pull Secrets are read in all namespaces': ["if ('names' in namespaces) {", "if ('' in namespaces) {"],
    },
  },
  {
    file: 'lib/cdk8s/seal-app.ts',
    tests: ['test/cdk8s/written.test.ts'],
    mistakes: {
      'an App may write nothing': [', ...judge.judgeWritten()]', ']'],
      'an earlier run counts': ['        judge.beginWriting();\n', ''],
    },
  },
  {
    file: 'lib/cdk8s/seal-app.ts',
    tests: ['test/cdk8s/beside.test.ts'],
    only: 'while its YAML is made',
    mistakes: { 'what others write may change after it was looked at': ['const written = jsonOf(render());', 'const written = render();'] },
  },
  {
    file: 'lib/cdk8s/seal-chart.ts',
    tests: BYPASSED,
    mistakes: { 'a chart that cannot be sealed is passed over': ['    chart.node.addValidation({ validate: () => [describeRefusal(overridden(chart.node.path))] });\n', ''] },
  },
  {
    file: 'lib/cdk8s/seal-app.ts',
    tests: ['test/cdk8s/beside.test.ts'],
    mistakes: {
      'nothing is judged between the last validation and the first file': ['        refuseAny(judge.judgeTree());\n        sealOthers', '        sealOthers'],
      'what others write is not looked at': ['        sealOthers(app, judge, seals);\n', ''],
      'objects of others are not looked at': ['        refuseAny(judge.judgeForeign(path, [written]));\n', ''],
    },
  },
  {
    file: 'lib/cdk8s/enforcement.ts',
    tests: BYPASSED,
    mistakes: {
      'what leaves a chart is not judged together': ['      ...judgeTogether(written, Date.now(), this.#standing),\n', ''],
      'a chart may write objects that call the verifier': ['      ...judgedBy(this.claims(), this.chart.node.path, values.filter((value) => !own.has(value))),\n', ''],
    },
  },
  {
    file: 'lib/cdk8s/enforcement.ts',
    tests: ['test/cdk8s/beside.test.ts'],
    mistakes: { 'objects of the tree are not looked at': [', ...this.sweepTree()', ''] },
  },
  {
    file: 'lib/cdk8s/enforcement.ts',
    tests: ['test/cdk8s/verifier-choice.test.ts'],
    mistakes: {
      'a policy may name the verifier\'s own namespace': ['    refuseOwnNamespace(origin.node.path, document, this.engine);\n', ''],
    },
  },
  {
    file: 'lib/cdk8s/enforcement.ts',
    tests: ['test/cdk8s/unserved.test.ts'],
    mistakes: {
      'a policy may hold only where nobody asks': ['      ...unserved(this),\n', ''],
    },
  },
  {
    file: 'lib/cdk8s/enforcement.ts',
    tests: BYPASSED,
    only: 'rendered alone',
    mistakes: {
      'the webhook alone misses nothing that was taken out': ['return [...this.roll.missing(), ...judgeTogether(all, Date.now(), this.#standing)];', 'return judgeTogether(all, Date.now(), this.#standing);'],
      'another object alone misses nothing that was taken out': ['return [...this.roll.missing(), ...judgeAlone(own)];', 'return judgeAlone(own);'],
    },
  },
  {
    file: `${RULES}/audit-without-effect.ts`,
    tests: JUDGED,
    mistakes: {
      'a window that tries out more is refused': ['demandsOf(other).every((demand) => demands.includes(demand))', 'demands.length > 0'],
      'other signers are the same demand': ['canonicalJson(attestors[attestor])', "''"],
      'look-alikes are among the images of a pattern': ['pattern.slice(0, -2)', 'pattern.slice(0, -3)'],
      'a window elsewhere is refused': ['isWithin(other.namespaces, policy.namespaces)', 'other.images.length > 0'],
    },
  },
  {
    file: 'lib/policy/namespaces.ts',
    tests: JUDGED,
    mistakes: {
      'one namespace of several is all of them': ['inner.names.every(', 'inner.names.some('],
      'fewer exceptions are within more': ['outer.except.every((name) => inner.except.includes(name))', 'inner.except.every((name) => outer.except.includes(name))'],
      'fewer labels are within more': ['Object.entries(outer.labels).every(', 'Object.entries(outer.labels).some('],
      'namespaces by label meet no others': ['coversNamespace(other, { name }) !== false', 'coversNamespace(other, { name }) === true'],
    },
  },
  {
    file: 'lib/authoring/judgement.ts',
    tests: ['test/cdk8s/place.test.ts'],
    mistakes: {
      'a finding names the document': ["field.startsWith('spec.') ? judged?.locate?.(field) : undefined", 'undefined'],
      'what is said once is refused as often as it is written': ['[describeRefusal(refusal), refusal]', '[refusal, refusal]'],
    },
  },
  {
    file: 'lib/cdk8s/roll.ts',
    tests: ['test/cdk8s/verifier-choice.test.ts'],
    mistakes: {
      'a verifier that policies are told to take is a mistake of its own': ['return this.chosen === verifier && ', 'return this.chosen === undefined && '],
      'a verifier that nobody uses is none where another has its name': ['other.implicit && other.firstOrigin !== undefined && other !== verifier', 'other !== verifier'],
    },
  },
  {
    file: 'lib/cdk8s/roll.ts',
    tests: ['test/cdk8s/verifier-choice.test.ts'],
    mistakes: { 'two verifiers that nobody asked for share an App': ['if (chosen === undefined || chosen === verifier) {', 'if (verifier !== undefined) {'] },
  },
  {
    file: 'lib/authoring/github-workflow.ts',
    tests: ['test/cdk8s/keyless-attestor.test.ts'],
    mistakes: { 'the runner is not bound': ['      runnerEnvironment: runnerClaim(props.runner),\n', ''] },
  },
  {
    file: 'lib/authoring/frozen.ts',
    tests: ['test/cdk8s/changed-input.test.ts'],
    mistakes: { 'what was said can be changed later': ['Object.freeze(', '('] },
  },
  {
    file: 'lib/pulumi/policy/enforcement-policies.ts',
    tests: ['test/pulumi/policy.test.ts'],
    mistakes: {
      'a pack only advises': ["enforcementLevel: 'mandatory',\n    validateStack", "enforcementLevel: 'advisory',\n    validateStack"],
      'what one resource says wrong is not told': ['.forEach((finding) => report(describe(finding)));', ';'],
      'what is wrong in company is not told': ['.forEach((finding) => report(describe(finding), urns.get(finding.object)));', ';'],
      'options are not looked at': ['optionsProblems(resource, manifest).forEach((problem) => report(problem));', ''],
      'a webhook configuration that says nothing of its replacement passes': ['opts.deleteBeforeReplace !== true', 'opts.deleteBeforeReplace === false'],
      'a webhook configuration may go with the one that replaces it': [", 'ValidatingWebhookConfiguration',\n];", ',\n];'],
    },
  },
  {
    file: 'lib/pulumi/policy/manifest-of.ts',
    tests: ['test/pulumi/policy.test.ts'],
    mistakes: {
      'what is not known yet is left out': ["return '(not known yet)';", 'return undefined;'],
      'a patch is another kind': ["kind.replace(/Patch$/, '')", 'kind'],
    },
  },
  {
    file: 'lib/pulumi/kubernetes-resource.ts',
    tests: ['test/pulumi/parity.test.ts'],
    mistakes: { 'an object is registered without its labels': ['JSON.parse(JSON.stringify(manifest)) as never', '({ ...JSON.parse(JSON.stringify(manifest)), metadata: { name: manifest.metadata.name } }) as never'] },
  },
];
