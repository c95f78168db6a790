/**
 * Each check that a proof can list, not made: one mistake for each name, and tests of just that. `test/mutation/checks.test.ts` wants one for every name.
 *
 * A check of `lib/decide` is removed where all of them are made, so that it is still listed, and nothing but its cases can notice.
 */
const unmade = (test, ...names) => names.map((name) => ({
  file: 'lib/decide/check.ts',
  tests: [test],
  removes: name,
  mistakes: { [`${name} is listed and not made`]: ['const shortfall = check.shortfall(subject);', `const shortfall = check.name === '${name}' ? undefined : check.shortfall(subject);`] },
}));

/** Of names that begin alike. */
const unmadeOf = (test, prefix, ...names) => unmade(test, ...names.map((name) => `${prefix}:${name}`));

/** What cryptography shows is removed where the library is asked, and beside it. */
const unshown = (removes, test, only, name, [find, replace], file = 'lib/verifier/sigstore/verify-bundle.ts') => (
  { file, tests: [`test/verifier/sigstore/${test}.test.ts`], only, removes, mistakes: { [name]: [find, replace] } }
);

/** Makes the library's verifier pass over one of the things that it looks at. */
const passedOver = (method, answer) => ['    verifier.verify({', `    Object.assign(verifier, { ${method}: ${answer} });\n    verifier.verify({`];

const decided = (removes, tests, name, [find, replace], file = 'lib/decide/requirement.ts') => ({ file, tests: tests.map((test) => `test/decide/${test}.test.ts`), removes, mistakes: { [name]: [find, replace] } });

export default [
  decided('statement-kind', ['decide'], 'an attestation is a signature, and the reverse', ['if (statement.says !== requirement.type) {', "if (statement.says === '') {"]),
  decided('predicate-type', ['decide'], 'any predicate type will do', ['!isSignature && statement.predicateType !== requirement.predicateType', "!isSignature && statement.predicateType === ''"]),
  decided('cryptography', ['decide'], 'what cryptography refuses counts', ['if (fact?.verified !== true) {', 'if (fact === undefined) {']),
  ...unmade('test/decide/decide.test.ts', 'signing-time', 'subject-digest'),
  ...unmade('test/decide/identity.test.ts', 'signing-time:not-demanded', 'key', 'key-period', 'issuer', 'subject', 'top-level'),
  ...unmadeOf(
    'test/decide/identity.test.ts', 'claim',
    'buildConfigDigest', 'buildConfigUri', 'buildSignerDigest', 'buildSignerUri', 'buildTrigger', 'runnerEnvironment', 'sourceRepositoryDigest', 'sourceRepositoryId',
    'sourceRepositoryOwnerId', 'sourceRepositoryOwnerUri', 'sourceRepositoryRef', 'sourceRepositoryUri', 'sourceRepositoryVisibility', 'workflowName',
  ),
  ...unmade('test/decide/deny-list.test.ts', 'deny-list'),
  ...unmade('test/decide/repository.test.ts', 'repository'),
  ...unmadeOf('test/decide/annotations.test.ts', 'annotation', 'env'),
  ...unmadeOf('test/decide/provenance.test.ts', 'provenance', 'shape', 'builder-id', 'build-type', 'external-parameters', 'source', 'source-ref', 'level-2', 'level-3'),
  ...unmadeOf(
    'test/decide/provenance.test.ts', 'provenance:agrees',
    'buildConfigUri', 'buildTrigger', 'runInvocationUri', 'runnerEnvironment', 'sourceRepositoryDigest', 'sourceRepositoryId', 'sourceRepositoryOwnerId', 'sourceRepositoryRef',
  ),
  ...unmade('test/decide/sbom.test.ts', 'sbom:format'),
  ...unmadeOf('test/decide/summary.test.ts', 'summary', 'shape', 'verifier', 'resource', 'policy', 'result', 'levels', 'age'),
  ...unmadeOf('test/decide/scan.test.ts', 'scan', 'shape', 'age', 'database-age', 'severity'),
  ...unmadeOf('test/decide/conditions.test.ts', 'condition', 'predicate.approved == true'),
  decided('newest', ['scan', 'summary'], 'the newest of several does not decide', ['return newest === undefined ? judgePieces(input, attestor)', 'return newest !== null ? judgePieces(input, attestor)']),
  ...['commit', 'run'].map((rule) => decided(
    `same-build:${rule}`, ['same-build'], `what has to be of one ${rule} may be of several`,
    ['policy.sameBuild === undefined || reasons.length > 0', `policy.sameBuild === undefined || policy.sameBuild === '${rule}' || reasons.length > 0`], 'lib/decide/decide.ts',
  )),
  unshown(
    'signature', 'signatures', 'who signed|which kind of key signed', 'any signature is good',
    ['hashesFor(key).some((hash) => verifies(hash, signed, key, signature))', 'key !== undefined'], 'lib/verifier/sigstore/signature.ts',
  ),
  unshown('certificate-chain', 'certificates', 'when it was valid', 'nobody asks which authority the certificate is of, and until when', passedOver('verifySigningKey', '() => ({ key: key() })')),
  unshown(
    'code-signing', 'certificates', 'what the certificate is for', 'a certificate for anything signs code',
    ['.includes(CODE_SIGNING)) {', '.includes(CODE_SIGNING) && CODE_SIGNING === \'\') {'], 'lib/verifier/sigstore/certificate.ts',
  ),
  unshown(
    'time-in-validity', 'certificates', 'when it was valid', 'a certificate is valid at any time',
    ['  remember(certificate);\n', '  Object.defineProperties(certificate, { notBefore: { value: new Date(0) }, notAfter: { value: new Date(8e15) } });\n  remember(certificate);\n'],
  ),
  unshown('certificate-transparency', 'certificates', 'that it was logged', 'nobody asks whether the certificate was logged', ["const withSct = transparency.sct === 'required';", 'const withSct = false;']),
  unshown('log-inclusion', 'logs', 'how inclusion is proven|what a log promises', 'nobody asks whether the log has the entry', passedOver('verifyTLogs', '() => undefined')),
  unshown('log-binds-signer', 'logs', 'whose signature the log has', 'nobody asks whose signature the log has', ['checkEntrySigner(entry, signer);', '']),
  unshown(
    'timestamp', 'timestamps', 'what a timestamp says|when its authority was trusted', 'whoever stamps a signature is believed',
    passedOver('verifyTimestamps', '({ timestamps }) => timestamps.map((stamp) => stamp.timestamp?.signingTime ?? new Date(Number(stamp.tlogEntry.integratedTime) * 1000))'),
  ),
];
