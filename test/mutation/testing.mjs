/** The kit for users' own tests: what would make it say "admitted" where the verifier would not, or pass whatever happens. */
export default [
  {
    file: 'lib/testing/certified-claims.ts',
    tests: ['test/testing/evidence.test.ts'],
    mistakes: {
      'a runner that is not said is a hosted one': ["runnerEnvironment: 'self-hosted'", "runnerEnvironment: 'github-hosted'"],
      'a trigger that is not said is a push': ["buildTrigger: 'workflow_dispatch'", "buildTrigger: 'push'"],
      'ids that are not said are those of any policy': ["sourceRepositoryId: '1'", "sourceRepositoryId: '501773211'"],
    },
  },
  {
    file: 'lib/testing/facts.ts',
    tests: ['test/testing/evidence.test.ts'],
    mistakes: {
      'a certificate of another instance counts': ["if (isForeign || signer.type !== 'certificate') {", "if (signer.type !== 'certificate') {"],
      'a log entry is not looked for': ["if (transparency.log === 'required' && !log) {", "if (transparency.log === 'required' && attestor.trustRoot === '') {"],
      'a timestamp is not looked for': ["transparency.timestamp === 'required' && !timestamp ?", "transparency.timestamp === 'required' && attestor.trustRoot === '' ?"],
      'the logging of a certificate is not looked for': ["sct || attestor.transparency.sct !== 'required'", "sct || attestor.transparency.sct === 'required'"],
      'any key signs for any other': ['!attestor.keys.some(({ publicKey }) => keyFingerprint(publicKey) === signer.fingerprint)', "signer.fingerprint === ''"],
    },
  },
  {
    file: 'lib/testing/facts.ts',
    tests: ['test/corpus/kit.test.ts'],
    mistakes: {
      'a certificate counts where a key must sign': ["unverified('WRONG_IDENTITY', 'expected a signature by a key", "unverified('INVALID_SIGNATURE', 'expected a signature by a key"],
    },
  },
  {
    file: 'lib/testing/evidence.ts',
    tests: ['test/testing/evidence.test.ts'],
    mistakes: {
      'evidence has a timestamp that nobody said': ['{ log: true, timestamp: false, sct: true }', '{ log: true, timestamp: true, sct: true }'],
      'what is about another image is about this one': ['another === true ? textDigest(`another', 'another === undefined ? textDigest(`another'],
      'attestations are signatures, too': ["statement: (by) => ({ readable: true, says: 'attestation', subjects: [], ...predicate(by) })", "statement: (by) => ({ readable: true, says: 'signature', subjects: [], ...predicate(by) })"],
      'everything is signed at this moment': ['const time = this.parts.time ?? now - 60_000;', 'const time = now - 60_000;'],
      'annotations are not those that are said': ['annotations: annotations ?? {}', "annotations: { env: 'prod' }"],
    },
  },
  {
    file: 'lib/testing/predicates.ts',
    tests: ['test/testing/evidence.test.ts'],
    mistakes: {
      'a scanner\'s database is new unless it is said': ['databaseUpdated === undefined ? undefined : instantText(databaseUpdated)', 'databaseUpdated === undefined ? at : instantText(databaseUpdated)'],
      'a scan finds nothing': ['found.map(({ id, severity }) => ({ VulnerabilityID: id, Severity: severity }))', '[]'],
      'a scan is of the time of its signature': ['instantText(scannedAt ?? new Date(time))', 'instantText(new Date(time))'],
      'a summary passes whatever it says': ['verificationResult: result', "verificationResult: 'PASSED'"],
      'a key has the builder of a workflow': ["builder = isWorkflow ? claim('buildSignerUri') : undefined }", "builder = claim('buildSignerUri') ?? 'https://build.example' }"],
      'parameters are left out': ['external: content.externalParameters ?? {}', 'external: {}'],
    },
  },
  {
    file: 'lib/testing/admission.ts',
    tests: ['test/testing/admission.test.ts'],
    mistakes: {
      'an update is judged as if all were new': ['before.get(position) !== reference', 'true'],
      'an update is judged by its images alone, wherever they were': ['before.get(position) !== reference', '![...before.values()].includes(reference)'],
      'a registry that does not answer has nothing to say': ['if (evidence._unanswered) {', 'if (false) {'],
      'a tag is pinned by a registry that does not answer': ['isPod && !evidence._unanswered && asked', 'isPod && asked'],
      'one image that may run is enough': ['verdicts.every(({ allowed }) => allowed)', 'verdicts.some(({ allowed }) => allowed)'],
      'what no policy covers is admitted': ["return { outcome: 'uncovered',", "return { outcome: 'admitted',"],
      'what would not be enforced is judged all the same': ['  if (findings.length > 0) {', '  if (findings.length > 1_000) {'],
      'every tag is pinned': ["known.type === 'judge' ? known.tags === 'pin' :", "known.type === 'judge' ? known.tags !== undefined :"],
      'labels that are not known are none that a policy selects': ['coversNamespace(namespaces, namespace) !== false)', 'coversNamespace(namespaces, namespace) === true)'],
      'the first verifier speaks for all': ['return asked.map(({ set }) => judgeReference(question, set, pinned));', 'return asked.slice(0, 1).map(({ set }) => judgeReference(question, set, pinned));'],
      'the verifier\'s own namespace is like any other': ['verifiers.some((verifier) => verifier.namespace === namespace.name)', "verifiers.some((verifier) => verifier.namespace === '')"],
    },
  },
  {
    file: 'lib/testing/evidence-of-images.ts',
    tests: ['test/testing/admission.test.ts'],
    mistakes: {
      'one evidence is that of every image': ['references.length > 1 &&', 'references.length > 1_000 &&'],
      'evidence for an image that is not there is passed over': ['  if (unused !== undefined) {', "  if (unused === '') {"],
      'an image that is not named has what the first has': ['find(reference) ?? unsigned()', 'find(reference) ?? Object.values(evidence)[0] ?? unsigned()'],
    },
  },
  {
    file: 'lib/testing/workload.ts',
    tests: ['test/testing/admission.test.ts'],
    mistakes: {
      'labels that are not said are none': ['...(labels === undefined ? {} : { labels: {', '...({ labels: {'],
      'a kind that nobody asks about is taken for a Pod': ['known.group === group && known.kind === kind)', 'known.kind !== kind)'],
      'the namespace of a Pod is passed over': ["name: typeof own === 'string' ? own : 'default'", "name: 'default'"],
    },
  },
  {
    file: 'lib/testing/expectations.ts',
    tests: ['test/testing/expectations.test.ts'],
    mistakes: {
      'any refusal will do': ["admission.outcome === 'refused' && admission.reasons.some((reason) => reason.code === code)", "admission.outcome === 'refused'"],
      'whatever is not refused is admitted': ["pass: admission.outcome === 'admitted'", "pass: admission.outcome !== 'refused'"],
      'whatever is not admitted is refused': ["pass: admission.outcome === 'refused' && admission.reasons.some((reason) => reason.code === code)", "pass: admission.outcome !== 'admitted'"],
      'a policy that only warns enforces': ["action?.type === 'Audit' && !isOver(action.until, now)", "action?.type === 'Audit' && isOver(action.until, now)"],
      'documents alone enforce': ['...(enforcing ? []', '...(enforcing || all.length > 0 ? []'],
      'any error is the refusal that is meant': ['pass: codes.includes(code)', 'pass: said !== undefined'],
      'a function that returns nothing refuses': ['  if (!Chart.isConstruct(made)) {', '  if (made === null) {'],
    },
  },
  {
    file: 'lib/testing/matchers.ts',
    tests: ['test/testing/expectations.test.ts'],
    mistakes: {
      'matchers can be negated': ['  if (isNot === true) {', '  if (isNot === undefined) {'],
    },
  },
  {
    file: 'lib/explain/outline.ts',
    tests: ['test/explain/outline.test.ts'],
    mistakes: {
      'who answers for a window is not shown': ['return pairs({ owner, reason });', 'return pairs({ reason });'],
      'that tags are denied is not shown': ["[['tags', 'refused'] as const]", '[]'],
    },
  },
  {
    file: 'lib/explain/attestor.ts',
    tests: ['test/explain/outline.test.ts'],
    mistakes: {
      'claims that an identity is bound by are not shown': ['...(further.length === 0 ? [] : [`with ${pairs(Object.fromEntries(further))}`]),', ''],
      'the trust root is not shown': ["trustRoot === 'sigstore' ? [] :", "trustRoot !== '' ? [] :"],
    },
  },
  {
    file: 'lib/explain/words.ts',
    tests: ['test/explain/outline.test.ts'],
    mistakes: {
      'a text can make a line of its own': ['/^[^\\s"\'(),;]+$/.test(text) && /^[\\x21-\\x7e]+$/.test(text)', "text !== ''"],
    },
  },
];
