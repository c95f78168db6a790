const TESTS = ['test/refusals/image-admission.test.ts'];

/** What lint finds in admission objects of others, and what it leaves alone. */
export default [
  {
    file: 'lib/refusals/cel-text.ts',
    tests: TESTS,
    mistakes: {
      'what a text names is looked at': ["(found) => (found.startsWith('//') ? ' ' : '\"\"')", '(found) => found'],
      'a field in brackets is none': [".replace(INDEX, '.$2')", ''],
      'every call is negated': ["negated: not === '!'", 'negated: true'],
    },
  },
  {
    file: 'lib/refusals/requests.ts',
    tests: TESTS,
    mistakes: {
      'any label may exempt a namespace': ['labelsOf(namespaceSelector).filter(({ key }) => key !== NAMESPACE_NAME_LABEL)', 'labelsOf(namespaceSelector).filter(() => false)'],
      'the name of a namespace is a label like others': ['.filter(({ key }) => key !== NAMESPACE_NAME_LABEL)', ''],
      'every condition is harmless': ['return isOfOthers ? [] :', 'return true ? [] :'],
      'no condition is harmless': ['return isOfOthers ? [] :', 'return false ? [] :'],
      'a condition may name Pods': ['      && !WORKLOADS.some(({ resource, kind }) => new RegExp(`\\\\b(?:${resource}|${kind})\\\\b`).test(text));', ';'],
      'updates need not be asked about': ["['pods', ['CREATE', 'UPDATE'],", "['pods', ['CREATE'],"],
      'ephemeral containers need not be asked about': ["['pods/ephemeralcontainers', ['UPDATE'],", "['pods/ephemeralcontainers', [],"],
      'a rule may be for what has no namespace': [" && scope !== 'Cluster'\n", '\n'],
    },
  },
  {
    file: 'lib/refusals/image-admission.ts',
    tests: TESTS,
    mistakes: {
      'every policy is about images': ["expressions.some(({ text }) => selectsField(codeOf(text), 'image')) && ", ''],
      'a policy may be about other resources': [' && asksWorkloads(fieldsOf(spec.matchConstraints).resourceRules);', ';'],
      'a webhook that brings pull secrets judges images': ['image(?!-?pull)', 'image'],
      'what rewrites images enforces': ["isForeign(object, 'MutatingWebhookConfiguration') ? REFUSING", "isForeign(object, 'MutatingWebhookConfiguration') ? NAMED"],
      'a mutating webhook has the last word': [' || !judged.has(serviceOf(entry))', ''],
      'a webhook about policies judges images': ["&& !names.some((text) => /policy\\w*\\.sigstore\\.dev$/.test(text) && text !== 'policy.sigstore.dev')", ''],
    },
  },
  {
    file: 'lib/refusals/rules/image-vap-permissive.ts',
    tests: TESTS,
    mistakes: {
      'a binding for some namespaces makes up for the others': ['denies(spec) && spec.matchResources === undefined', 'denies(spec)'],
      'tenants may write parameters': [" && kind === 'ConfigMap'", " && kind === ''"],
    },
  },
  {
    file: 'lib/refusals/rules/image-vap-unseen.ts',
    tests: TESTS,
    mistakes: { 'what is denied is that one is there, or not': ['found !== null && !/!\\s*\\(*\\s*$/.test(code.slice(0, found.index))', 'found !== null'] },
  },
  {
    file: 'lib/refusals/rules/image-vap-match.ts',
    tests: TESTS,
    mistakes: {
      'a beginning is enough': ['/[/:@]$/.test(text) ? undefined', 'true ? undefined'],
      'tags are places': ['return /^\\w[\\w-]*[./][^@]*$/.test(text)', "return text !== ''"],
      'a dot is a dot': ['/\\w\\.\\w/.test(host) ?', 'false ?'],
    },
  },
  {
    file: 'lib/refusals/rules/kyverno-cluster-policy.ts',
    tests: ['test/refusals/kyverno.test.ts'],
    mistakes: {
      'where nothing is said, a violation is refused': ["entry.failureAction ?? action ?? 'Audit'", "entry.failureAction ?? action ?? 'Enforce'"],
      'a digest that is wanted is a tag': ['entry.mutateDigest === false && entry.verifyDigest === false', 'entry.mutateDigest === false'],
      'a glob for tags is one for names': [".replace(/:[^/]*$/, '')", ''],
    },
  },
  {
    file: 'lib/refusals/kyverno-policies.ts',
    tests: ['test/refusals/kyverno.test.ts'],
    mistakes: {
      'exceptions of the older kind are not seen': ['...list(exceptions).map(fieldsOf)', '...list(undefined).map(fieldsOf)'],
      'an exception without its policy is not seen': ['KINDS.some((one) => one === kind) || ', ''],
      'any exception is about images': ['.filter(({ policyName }) => known.has(policyName))', ''],
    },
  },
];
