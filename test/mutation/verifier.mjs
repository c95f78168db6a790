/** The verifier: admission, judge, server, certificates, namespaces, policy files. */
export default [
  {
    file: 'lib/verifier/tuf/metadata.ts',
    tests: ['test/verifier/tuf/client.test.ts'],
    mistakes: {
      'a key counts twice': ['if (known.some((key, index) => key !== undefined && known.indexOf(key) !== index)) {', 'if (known.length < 0) {'],
      'a threshold may be none': [' || threshold < 1', ''],
      'an end may be written in any way': ['!INSTANT.test(expires) || ', ''],
      'a version may be anything': ["typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1", 'version === undefined'],
    },
  },
  {
    file: 'lib/verifier/tuf/client.ts',
    tests: ['test/verifier/tuf/client.test.ts'],
    mistakes: {
      'what was seen is forgotten': ['isLoaded(this.seen.timestamp, (bytes) => store.updateTimestamp(bytes));', ''],
      'what was seen of snapshots is forgotten': ['if (isLoaded(this.seen.snapshot, (bytes) => store.updateSnapshot(bytes, true))) {', 'if (this.seen.snapshot === null) {'],
      'any number of roots is followed': ['count >= TUF_LIMITS.rootVersions', 'count < 0'],
      'any bytes are the target': ["bytes.length !== length || createHash('sha256').update(bytes).digest('hex') !== sha256", 'bytes.length !== length'],
      'any text is a hash': ['!/^[0-9a-f]{64}$/.test(sha256)', "sha256 === ''"],
      'a target may be of any size': ['length > TUF_LIMITS.target', 'length < 0'],
      'metadata is read as the library does': ["    checkMetadata('timestamp', bytes);\n", ''],
      'one role decides the end': ['[root, timestamp, snapshot, targets].map(', '[timestamp].map('],
    },
  },
  {
    file: 'lib/verifier/tls/certificate-files.ts',
    tests: ['test/verifier/observe/metrics.test.ts'],
    mistakes: {
      'nobody looks, and all is well': ['drift(): undefined {\n    return undefined;', 'drift(): number {\n    return 0;'],
    },
  },
  {
    file: 'lib/verifier/observe/metrics.ts',
    tests: ['test/verifier/observe/metrics.test.ts'],
    mistakes: {
      'what is not known is 0': ['this.remove();', 'this.set(0);'],
    },
  },
  {
    file: 'lib/verifier/trust/refreshed-root.ts',
    tests: ['test/verifier/trust/refreshed-root.test.ts'],
    mistakes: {
      'the end is passed over': ['return this.left(this.until) > 0 ?', 'return this.left(this.until) > -Infinity ?'],
      'a clock that steps back gives time': ['Math.min(wall - this.parts.now(), monotonic - performance.now())', 'wall - this.parts.now()'],
      'a clock that steps back gives time to what is fetched again': ['before?.version === next.version ?', 'before?.version === -next.version ?'],
      'newer metadata gives no time': ['before?.version === next.version ?', 'before !== undefined ?'],
      'a root that ships ends': ['    if (this.parts.shipped !== undefined) {\n      return undefined;\n    }\n    if (this.until', '    if (this.until'],
      'the end is told only afterwards': ['this.left(this.until) < ENDS_SOON', 'this.left(this.until) < 0'],
    },
  },
  {
    file: 'lib/verifier/trust/live-trust.ts',
    tests: ['test/verifier/trust/refreshed-root.test.ts', 'test/verifier/trust/verdicts.test.ts'],
    mistakes: {
      'one digest for all roots': ['hash.update(JSON.stringify([name, json]));', 'hash.update(name);'],
      'a missing root is no other digest': ["[digest, ...missing.keys()].join(' without ')", 'digest'],
      'threads that work are ended at once': ['setTimeout(resolve, 2 * this.parts.grace)', 'setTimeout(resolve, 0)'],
    },
  },
  {
    file: 'lib/verifier/pull/readers.ts',
    tests: ['test/verifier/admission/pull-secrets.test.ts'],
    mistakes: {
      'any Secret that a Pod names is read': ['source.secrets.filter((name) => pullSecrets.includes(name))', '[...source.secrets].filter((name) => name !== "")'],
      'all that workloads read is read with one client': ['JSON.stringify([registry, credentials])', 'JSON.stringify([registry])'],
      'who has as many credentials shares with who has others': ['JSON.stringify([registry, credentials])', 'JSON.stringify([registry, credentials.length])'],
      'who has the same first credential shares with who has others behind it': ['JSON.stringify([registry, credentials])', 'JSON.stringify([registry, credentials[0] ?? null])'],
      'of two Secrets the last is tried first': ['dockerCredentials(configs, registry', 'dockerCredentials(configs.reverse(), registry'],
      'any number of credentials is tried': ['.slice(0, TRIED)', ''],
      'an unreadable Secret is none': ['if (!isSound) {', 'if (isSound === undefined) {'],
      'any number of clients is kept': ['if (this.clients.size < most) {', 'if (this.clients.size < Infinity) {'],
      'a client in use is closed': ['.filter(([, { uses }]) => uses === 0)', ''],
    },
  },
  {
    file: 'lib/verifier/registry/session.ts',
    tests: ['test/verifier/admission/pull-secrets.test.ts'],
    mistakes: {
      'only the first credential is tried': ['for (const given of others) {', 'for (const given of others.slice(others.length)) {'],
      'what the registry answers to the first credential is the answer': ['if (!isRefusal(outcome)) {', 'if (!(outcome instanceof VerifierError)) {'],
      'a credential for which there is no token ends the search': ["if (error instanceof VerifierError && error.code === 'REGISTRY_UNAVAILABLE') {", "if (error instanceof VerifierError && error.code === 'UNSUPPORTED') {"],
      'a credential that may no longer read is sent for ever': ['if (answer.status === 403) {', 'if (answer.status === 0) {'],
    },
  },
  {
    file: 'lib/verifier/cluster/pull-secrets.ts',
    tests: ['test/verifier/admission/pull-secrets.test.ts'],
    mistakes: {
      'the name of a namespace may be a path': ['if (!isDnsLabel(namespace)) {', "if (namespace === '') {"],
      'a Secret of any type will do': ['if (type !== TYPE) {', "if (type === '') {"],
      'a Secret may be of any size': ['encoded.length > Math.ceil(LARGEST / 3) * 4', 'encoded.length < 0'],
      'a Secret is read from one namespace for all': ['this.flights.run(`${namespace}/${name}`, deadline', 'this.flights.run(name, deadline'],
    },
  },
  {
    file: 'lib/verifier/judge/image-judge.ts',
    tests: ['test/verifier/admission/pull-secrets.test.ts'],
    mistakes: {
      'an allow is remembered for other rights': ['return [rights, set.digest,', 'return [set.digest,'],
      'what a Pod is pulled with makes no difference': ['secrets: pullSecrets }', 'secrets: [] }'],
    },
  },
  {
    file: 'lib/verifier/judge/evidence-source.ts',
    tests: ['test/verifier/admission/pull-secrets.test.ts'],
    only: 'G15',
    mistakes: { 'evidence is shared with other rights': ['const under = [rights, trust.digest,', 'const under = [trust.digest,'] },
  },
  {
    file: 'lib/verifier/trust/live-trust.ts',
    tests: ['test/verifier/trust/live-trust.test.ts'],
    mistakes: {
      'threads that never come are waited for': ['await within(deadline, next.pool.ready());', 'await next.pool.ready();'],
      'threads that never came stay': ['      this.leaving = next.pool.close();\n', ''],
      'each content has threads of its own': ['const batch = this.batch ??= this.open();', 'const batch = this.open();'],
      'the first waits for nobody': ['isAttempted || batch.roots.has(name)', 'name !== undefined || isAttempted'],
      'the first waits for all': ['setTimeout(resolve, GATHER)', 'setTimeout(() => undefined, GATHER)'],
      'nobody waits for the threads from before': ['.then(() => promise).then(() => this.left())', '.then(() => promise)'],
    },
  },
  {
    file: 'lib/verifier/judge/image-judge.ts',
    tests: ['test/verifier/trust/verdicts.test.ts'],
    mistakes: {
      'an allow outlives its trust root': ['return [rights, set.digest, trust.digest, reference.name,', 'return [rights, set.digest, reference.name,'],
      'a missing root is nothing found': ['new GatheredImage(missingRoots(wanted, trust))', 'new GatheredImage([])'],
      'nobody waits for the first fetch': ['await this.parts.trust.settle(rootsOf(known.attestors), deadline);', 'await Promise.resolve();'],
    },
  },
  {
    file: 'lib/verifier/policies/digests.ts',
    tests: ['test/verifier/policies/digests.test.ts'],
    mistakes: {
      'only what is said is compared': ['[...said.trustRoots.keys(), ...roots.keys()]', '[...said.trustRoots.keys()]'],
      'only what is found is compared': ['[...said.trustRoots.keys(), ...roots.keys()]', '[...roots.keys()]'],
      'what nobody spoke of may be there': ['return said === found ?', 'return said === found || said === undefined ?'],
      'what is missing may be': ['return said === found ?', 'return said === found || found === undefined ?'],
      'any content will do': ['return said === found ?', 'return (said === undefined) === (found === undefined) ?'],
    },
  },
  {
    file: 'lib/verifier/judge/assemble.ts',
    tests: ['test/verifier/process/configuration.test.ts'],
    mistakes: {
      'digests are not compared': ['if (options.digests !== undefined) {', 'if (options.digests === null) {'],
      'roots in the files of policies have no digest': ['trustRoots: named, ...registries', 'trustRoots: given, ...registries'],
      'the registry configuration has no digest': ['...registries && { registryConfig: registries.text }', ''],
    },
  },
  {
    file: 'lib/verifier/admission/review.ts',
    tests: ['test/verifier/server/protocol.test.ts'],
    only: 'what is no AdmissionReview',
    mistakes: {
      'a review of any version is answered': ["review.apiVersion !== 'admission.k8s.io/v1' || ", ''],
      'a body of any kind is a review': [" || review.kind !== 'AdmissionReview'", ''],
      'a review needs no uid': ["if (uid === '') {", 'if (uid === undefined) {'],
      'a namespace may be anything': ["namespace: optionalText(request.namespace, 'request.namespace')", 'namespace: String(request.namespace)'],
    },
  },
  {
    file: 'lib/verifier/admission/image-changes.ts',
    tests: ['test/verifier/admission/images.test.ts'],
    mistakes: {
      'whatever an update holds is unchanged': ['unchanged: before.get(use.position) === use.reference', 'unchanged: before.size > 0'],
      'an image that stood elsewhere is unchanged': ['before.get(use.position) === use.reference', '[...before.values()].includes(use.reference)'],
      'a creation has an old object': ["request.operation === 'UPDATE' ? storedImages(request)", "request.operation !== '' ? storedImages(request)"],
      'nothing is unchanged': ['before.get(use.position) === use.reference', 'before.size < 0'],
      'the object is what it was': ['imagesOf(request.kind, request.object, request.subResource)', 'imagesOf(request.kind, request.oldObject ?? request.object, request.subResource)'],
    },
  },
  {
    file: 'lib/verifier/admission/judge-review.ts',
    tests: ['test/verifier/admission/images.test.ts'],
    mistakes: {
      'unknown operations pull nothing': ["if (request.operation !== 'CREATE' && request.operation !== 'UPDATE') {\n    return refuse('UNSUPPORTED', `operation", "if (request.operation !== 'CREATE' && request.operation !== 'UPDATE') {\n    return { answer: { allowed: true }, images: [] };\n    return refuse('UNSUPPORTED', `operation"],
      'a deletion is judged': ["request.operation === 'DELETE' || ", ''],
      'an update is not judged': ["request.operation === 'DELETE' || ", "request.operation === 'DELETE' || request.operation === 'UPDATE' || "],
      'a new ephemeral container is not judged': ["new Set(['status', 'scale'])", "new Set(['status', 'scale', 'ephemeralcontainers'])"],
      'a resize is not judged': ["new Set(['status', 'scale'])", "new Set(['status', 'scale', 'resize'])"],
      'a scale is judged': ["new Set(['status', 'scale'])", "new Set(['status'])"],
      'one image that may run is enough': ['allowed: denied.length === 0,', 'allowed: denied.length < images.length || images.length === 0,'],
      'only the first image is judged': ['await Promise.all([...wanted].map(', 'await Promise.all([...wanted].slice(0, 1).map('],
    },
  },
  {
    file: 'lib/verifier/admission/judge-review.ts',
    tests: ['test/verifier/admission/hostile.test.ts'],
    mistakes: {
      'an object without a namespace is admitted': ["if (request.namespace === '') {\n    return refuse", "if (request.namespace === '') {\n    return { answer: { allowed: true }, images: [] };\n    return refuse"],
      'an object that cannot be read is admitted': ['return refuse(error.code, error.message);', 'return { answer: { allowed: true }, images: [] };'],
      'a tag in a Pod is judged by what it points to now': ["request.kind.kind === 'Pod' ? 'refuse' : 'resolve'", "'resolve'"],
    },
  },
  {
    file: 'lib/verifier/admission/judge-review.ts',
    tests: ['test/verifier/admission/answers.test.ts'],
    mistakes: {
      'any number of references is judged': [' || wanted.size > limits.references', ''],
      'a dry run is remembered': ['remember: !request.dryRun,', 'remember: true,'],
      'the enforcing entry warns of windows': ["policies: mode === 'enforce' ? 'enforced' : 'all'", "policies: 'all'"],
      'the audit entry says nothing of windows': ["policies: mode === 'enforce' ? 'enforced' : 'all'", "policies: 'enforced'"],
      'the codes of a refusal are not in the audit annotations': ["...(codes.length === 0 ? {} : { reasons: codes.join(',') }),", ''],
    },
  },
  {
    file: 'lib/verifier/admission/observe.ts',
    tests: ['test/verifier/admission/answers.test.ts'],
    only: 'audit',
    mistakes: {
      'what would be refused is not said': ['warnings: [...warnings, `proofgate: ${told}`.slice(0, 256)],', 'warnings,'],
    },
  },
  {
    file: 'lib/verifier/admission/pin-review.ts',
    tests: ['test/verifier/admission/pinning.test.ts'],
    mistakes: {
      'templates are pinned, too': ["request.kind.kind !== 'Pod' || ", ''],
      'any number of images is pinned': ['if (references.size > REVIEW_LIMITS.references) {', 'if (references.size > Infinity) {'],
      'containers that run are pinned anew': ['.filter((change) => !change.unchanged)', ''],
      'the tag is lost': ['value: `${use.reference}@${digest}`', "value: `${use.reference.replace(/:[^:/]*$/, '')}@${digest}`"],
      'an outage of the registry refuses where nothing refuses': ['if (!(error instanceof VerifierError)) {', 'if (error instanceof VerifierError) {'],
    },
  },
  {
    file: 'lib/verifier/admission/response.ts',
    tests: ['test/verifier/server/protocol.test.ts'],
    only: 'uid|is no AdmissionReview',
    mistakes: {
      'the uid is not echoed': ['      uid,\n', "      uid: '',\n"],
    },
  },
  {
    file: 'lib/verifier/judge/image-judge.ts',
    tests: ['test/verifier/admission/answers.test.ts'],
    mistakes: {
      'a dry run leaves a trace': ['if (question.remember && ', 'if ('],
      'warnings of windows reach those who enforce': ["question.policies === 'all' ? verdict : { ...verdict, warnings: [] }", 'verdict'],
      'nothing is remembered': ['this.parts.cache.put(key, answer.verdict);', ''],
    },
  },
  {
    file: 'lib/verifier/judge/image-judge.ts',
    tests: ['test/verifier/admission/hostile.test.ts'],
    mistakes: {
      'registries of images that no policy names are asked': ["return known.type === 'unmatched' && reference.digest === undefined && this.isExempted(reference.name);", 'return true;'],
      'a tag in a Pod asks the registry': ["if (reference.digest === undefined && question.tags === 'refuse') {", 'if (reference.digest === null) {'],
    },
  },
  {
    file: 'lib/verifier/judge/evidence-source.ts',
    tests: ['test/verifier/server/faults.test.ts'],
    mistakes: {
      'an outage is nothing found': ["return { status: 'unavailable', code: error.code, message: error.message };", "return { status: 'found', pieces: [] };"],
      'an error of our own is nothing found': ["return { status: 'unavailable', code: 'INTERNAL',", "return { status: 'found', pieces: [], code: 'INTERNAL',"],
    },
  },
  {
    file: 'lib/verifier/admission/response.ts',
    tests: ['test/verifier/judge/cache-key.test.ts'],
    mistakes: {
      'every answer admits': ['      allowed,\n', '      allowed: true,\n'],
    },
  },
  {
    file: 'lib/verifier/judge/image-judge.ts',
    tests: ['test/verifier/judge/cache-key.test.ts'],
    mistakes: {
      'an allow from within a window is remembered': ['if (question.remember && isSettled(answer)) {', 'if (question.remember && answer.verdict.allowed) {'],
      'allows of windows and of enforced policies are one': ['written, question.policies, ...applied]', 'written, ...applied]'],
      'an allow for one digest does for another': ['reference.name, digest, written,', 'reference.name, written,'],
      'an allow in one repository does for another': ['reference.name, digest, written,', 'digest, written,'],
      'an allow by tag does for a digest, and the reverse': ['digest, written, question.policies', 'digest, question.policies'],
      'an allow under one policy does for another': ['[known.policies, known.audited, ', '['],
      'an allow under a window does without it': ['[known.policies, known.audited, ', '[known.policies, '],
      'an allow where no deny list holds does for where one does': [', denyListsIn(set, question.namespace)].map(names)', '].map(names)'],
      'an exempted repository is not asked what its tag is': [' && this.isExempted(reference.name);\n  }\n\n  private wanted', ' && this.isExempted(\'\');\n  }\n\n  private wanted'],
    },
  },
  {
    file: 'lib/verifier/judge/evidence-source.ts',
    tests: ['test/verifier/judge/cache-key.test.ts'],
    mistakes: {
      'one image\'s evidence answers for another in flight': [' ${at.name}@${digest}\\n${under}`', ' ${under}`'],
      'one digest\'s evidence answers for another in flight': [' ${at.name}@${digest}\\n${under}`', ' ${at.name}\\n${under}`'],
      'one repository\'s evidence answers for another in flight': [' ${at.name}@${digest}\\n${under}`', ' ${digest}\\n${under}`'],
      'what is known of one signer answers for another in flight': [' ${at.name}@${digest}\\n${under}`', ' ${at.name}@${digest}`'],
    },
  },
  {
    file: 'lib/verifier/judge/verdict-cache.ts',
    tests: ['test/verifier/judge/verdict-cache.test.ts'],
    mistakes: {
      'an allow lasts for ever': ['if (entry.until <= this.monotonic()) {', 'if (entry.until < 0) {'],
      'a refusal is remembered': ['if (!verdict.allowed) {', 'if (verdict === undefined) {'],
      'memory has no end': ['if (this.entries.size <= this.limits.entries) {', 'if (this.entries.size <= Infinity) {'],
      'what is in use is forgotten first': ['this.entries.set(key, entry);', 'this.entries = new Map([[key, entry], ...this.entries]);'],
    },
  },
  {
    file: 'lib/verifier/single-flight.ts',
    tests: ['test/verifier/single-flight.test.ts'],
    mistakes: {
      'every asker works alone': ['this.flights.get(key) ?? this.start(key, work)', 'this.start(key, work)'],
      'all askers share one piece of work': ['this.flights.get(key) ?? this.start(key, work)', '[...this.flights.values()][0] ?? this.start(key, work)'],
      'an asker waits beyond its time': ['await within(asker, flight.outcome)', 'await flight.outcome'],
    },
  },
  {
    file: 'lib/verifier/server/webhook.ts',
    tests: ['test/verifier/server/faults.test.ts'],
    mistakes: {
      'an error of our own admits': ["refusal(path, 'INTERNAL', 'the verifier failed unexpectedly; its log says how')", '{ allowed: true }'],
      'an error with a reason admits': ['refusal(path, error.code, error.message)', '{ allowed: true }'],
      'overload admits': ["refusal(path, 'OVERLOADED', `${this.inWork} reviews are in work already`)", '{ allowed: true }'],
      'any number of reviews is in work': ['if (this.inWork > this.parts.concurrency) {', 'if (this.inWork > Infinity) {'],
      'reviews that were answered stay in work': ['      this.inWork -= judging;\n', ''],
      'the deadline is nobody\'s': ["await atLast(deadline, judgeReview(this.parts, request, path === '/validate' ? 'enforce' : 'audit', deadline))", "await judgeReview(this.parts, request, path === '/validate' ? 'enforce' : 'audit', deadline)"],
    },
  },
  {
    file: 'lib/verifier/server/webhook.ts',
    tests: ['test/verifier/admission/answers.test.ts'],
    only: 'audit',
    mistakes: {
      'the enforcing entry forgives like the audit entry': ["path !== '/audit' || answered.answer.allowed", 'answered.answer.allowed'],
      'the audit entry refuses before the window ends': ["path !== '/audit' || ", "path !== '' || "],
      'the audit entry forgives after the window': [' || this.binds(request)) {', ') {'],
      'the enforcing entry judges like the audit entry': ["path === '/validate' ? 'enforce' : 'audit'", "'audit'"],
    },
  },
  {
    file: 'lib/verifier/server/body.ts',
    tests: ['test/verifier/server/protocol.test.ts'],
    only: 'A31',
    mistakes: {
      'any Content-Type is taken': ["type.split(';')[0]?.trim().toLowerCase() !== 'application/json'", "type === 'none'"],
      'any Content-Encoding is taken': ["if (request.headers['content-encoding'] !== undefined) {", "if (request.headers['content-encoding'] === '') {"],
      'a body that is announced may have any size': ['if (announced > limits.bytes) {', 'if (announced > Infinity) {'],
      'a body that is not announced may have any size': ['if (size > limits.bytes) {', 'if (size > Infinity) {'],
      'a body may take any time': ['ms`)), limits.time);', 'ms`)), 60_000);'],
    },
  },
  {
    file: 'lib/verifier/server/server.ts',
    tests: ['test/verifier/server/protocol.test.ts'],
    mistakes: {
      'reviews are taken by any method': ["message.method === 'POST' ? ", "message.method !== '' ? "],
      'any path ends with a review': ["path === '/validate' || path === '/audit'", "path.startsWith('/validate') || path === '/audit'"],
      'headers may have any size': ['maxHeaderSize: 16 * 1024,', 'maxHeaderSize: 16 * 1024 * 1024,'],
    },
  },
  {
    file: 'lib/verifier/server/server.ts',
    tests: ['test/verifier/server/faults.test.ts'],
    mistakes: {
      'a connection never ends while stopping': ['this.sockets.forEach((socket) => socket.destroy())', 'undefined'],
    },
  },
  {
    file: 'lib/verifier/health.ts',
    tests: ['test/verifier/health.test.ts'],
    mistakes: {
      'whoever was not checked is well': ["private trouble = 'cryptography has not been checked yet';", "private trouble = '';"],
      'a check that fails is no trouble': ['this.trouble = `cryptography failed its check', 'const trouble = `cryptography failed its check'],
      'nothing is checked again': ['.finally(() => this.schedule()), EVERY', ', EVERY * 1000'],
      'trouble never ends': ["      this.trouble = '';\n", ''],
    },
  },
  {
    file: 'lib/verifier/tls/authorities.ts',
    tests: ['test/verifier/tls/authorities.test.ts'],
    mistakes: {
      'the successor signs before it was published for long': ['age >= life * 3 / 4', 'age >= life / 2'],
      'the successor never signs': ['next !== undefined && age >= life * 3 / 4', 'next === null'],
      'no successor is made': ['next === undefined && age >= life / 2', 'next === null'],
      'the old authority is forgotten at once': ['return { current: next, previous: current.certificate };', 'return { current: next };'],
      'the old authority is never forgotten': ['if (state.previous !== undefined && endOf(state.previous) <= now) {', "if (state.previous === '') {"],
      'what signed before it was lost is not trusted any more': ['{ ...fresh, previous: held.current.certificate }', 'fresh'],
      'what is over stays trusted when it is lost': ['held === undefined || endOf(held.current.certificate) <= now ? fresh', 'held === undefined ? fresh'],
      'the successor is not published': ['[previous, current.certificate, next?.certificate]', '[previous, current.certificate]'],
      'the old authority is not published': ['[previous, current.certificate, next?.certificate]', '[current.certificate, next?.certificate]'],
      'an authority that is over signs on': ['state === undefined || endOf(state.current.certificate) <= now', 'state === undefined'],
      'the key of another authority is taken': ['new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key)) ?', 'createPrivateKey(key) ?'],
      'a certificate that is no authority\'s is taken': ['return new X509Certificate(pem).ca;', 'return new X509Certificate(pem).raw.length > 0;'],
    },
  },
  {
    file: 'lib/verifier/tls/authority.ts',
    tests: ['test/verifier/tls/authorities.test.ts'],
    mistakes: {
      'a serving certificate outlives its authority': ['Math.min(now + lifetime, issuer.notAfter.getTime())', 'now + lifetime'],
      'all authorities have one name': ["randomBytes(4).toString('hex')", "'0'"],
    },
  },
  {
    file: 'lib/verifier/tls/self-managed.ts',
    tests: ['test/verifier/process/certificates.test.ts'],
    mistakes: {
      'the authority is not published': ['await this.publish(this.authorities);', ''],
      'what a replica held is forgotten when the Secret is lost': ['await replaceLost(this.authorities,', 'await replaceLost(undefined,'],
      'replicas do not share an authority': ['if (statusOf(error) === 409) {\n        return false;', 'if (statusOf(error) === 409) {\n        return true;'],
      'a Secret that cannot be written is no trouble': ['throw new TlsTrouble(`Secret ${this.secretName} cannot be written', 'return true;\n      throw new TlsTrouble(`Secret ${this.secretName} cannot be written'],
    },
  },
  {
    file: 'lib/verifier/cluster/api-client.ts',
    tests: ['test/verifier/cluster/api-client.test.ts'],
    mistakes: {
      'every answer is a good one': ['if (status >= 200 && status < 300) {', 'if (status >= 200) {'],
      'credentials are read once': ['performance.now() - held.since < CREDENTIALS_FRESH', 'held.since > 0'],
      'a token that was refused is used again': ['if (status === 401) {', 'if (status === 400) {'],
      'any authority may vouch for the API server': ["minVersion: 'TLSv1.2', ALPNProtocols", "minVersion: 'TLSv1.2', rejectUnauthorized: false, ALPNProtocols"],
      'a closed client goes on asking': ['signal: AbortSignal.any([this.closing.signal, AbortSignal.timeout(CALL_TIMEOUT)])', 'signal: AbortSignal.timeout(CALL_TIMEOUT)'],
      'a watch that broke has ended in order': ['if (!silence.signal.aborted) {', 'if (silence.signal.aborted) {'],
      'a silent watch goes on for ever': ['const timer = setTimeout(() => silence.abort(), WATCH_TIMEOUT);', 'const timer = setTimeout(() => undefined, WATCH_TIMEOUT);'],
      'what comes in pieces is lost': ['const lines = (rest + chunk).split', 'const lines = chunk.split'],
    },
  },
  {
    file: 'lib/verifier/cluster/kubeconfig.ts',
    tests: ['test/verifier/cluster/kubeconfig.test.ts'],
    mistakes: {
      'an address without TLS will do': ["new URL(server).protocol !== 'https:'", "new URL(server).protocol === 'file:'"],
      'a server that is not checked is asked': ["value !== undefined && value !== null && value !== false && value !== ''", "typeof value === 'string' && value !== ''"],
      'the first user is taken': ['one.name === name', "one.name !== ''"],
      'files are read once': ['const read = this.fileIn(user, \'tokenFile\');', "const once = this.fileIn(user, 'tokenFile')?.();\n    const read = once === undefined ? undefined : () => once;"],
    },
  },
  {
    file: 'lib/verifier/cluster/access.ts',
    tests: ['test/verifier/cluster/access.test.ts'],
    mistakes: {
      'an account without an address is no cluster': ["if (host === '' || port === '') {\n    throw", "if (host === '' || port === '') {\n    return undefined;\n    throw"],
      'port 80 means no TLS': ['server: `https://', "server: `${port === '80' ? 'http' : 'https'}://"],
    },
  },
  {
    file: 'lib/verifier/cluster/ca-bundle.ts',
    tests: ['test/verifier/process/certificates.test.ts'],
    mistakes: {
      'an entry with another bundle is left alone': ['webhook.clientConfig.caBundle === caBundle ? []', 'webhook.clientConfig.caBundle !== undefined ? []'],
      'an entry is written without a look at its name': ["    { op: 'test', path: `/webhooks/${index}/name`, value: webhook.name },\n", ''],
    },
  },
  {
    file: 'lib/verifier/cluster/namespaces.ts',
    tests: ['test/verifier/process/namespaces.test.ts'],
    mistakes: {
      'labels that were never listed are known to be none': ['return this.synced && (', 'return true || ('],
      'labels hold for ever while the API server is away': ['performance.now() - this.brokenSince < STALE_AFTER', 'this.brokenSince > 0'],
      'a namespace that is not known has no labels': ['labels === undefined ? { name } : { name, labels }', '{ name, labels: labels ?? {} }'],
      'changes of labels do not count': ["    } else if (type !== 'BOOKMARK') {", "    } else if (type === 'ADDED' && !this.labels.has(name)) {"],
      'a namespace that is gone keeps its labels': ['      this.labels.delete(name);\n', ''],
    },
  },
  {
    file: 'lib/verifier/policies/load.ts',
    tests: ['test/verifier/policies/load.test.ts'],
    mistakes: {
      'no policy at all is a policy': ["problems.length === 0 && !documents.some(({ kind }) => kind === 'ImagePolicy')", 'problems.length < 0'],
      'a file without a policy is passed over': ['if (problems.length === 0 && documents.length === before) {', 'if (problems.length < 0) {'],
      'a key may be there twice': ['uniqueKeys: true, prettyErrors', 'uniqueKeys: false, prettyErrors'],
      'what is no object is passed over': ['if (manifests.some((value) => !isRecord(value))) {', 'if (manifests.length < 0) {'],
      'the last of two trust roots of one name wins': ['known !== undefined && known.json !== root.json', 'known === null'],
    },
  },
  {
    file: 'lib/verifier/admission/review.ts',
    tests: ['test/verifier/server/protocol.test.ts'],
    only: 'what is no AdmissionReview',
    mistakes: { 'a review may be read in two ways': ['return parseStrictJson(body, LIMITS, READ);', 'return JSON.parse(Buffer.from(body).toString());'] },
  },
  {
    file: 'lib/verifier/admission/judge-review.ts',
    tests: ['test/verifier/admission/answers.test.ts'],
    only: 'warnings stay',
    mistakes: { 'warnings have any length': ['warning.length > 256 ? `${warning.slice(0, 253)}...` : warning', 'warning'] },
  },
  {
    file: 'lib/verifier/judge/image-judge.ts',
    tests: ['test/verifier/admission/hostile.test.ts'],
    only: 'A20',
    mistakes: { 'a reference that does not parse is admitted': ['verdict: { allowed: false, image,', 'verdict: { allowed: true, image,'] },
  },
  {
    file: 'lib/verifier/single-flight.ts',
    tests: ['test/verifier/single-flight.test.ts'],
    mistakes: { 'work that nobody waits for goes on': ['flight.deadline.abandon();', ''] },
  },
  {
    file: 'lib/verifier/gate.ts',
    tests: ['test/verifier/gate.test.ts'],
    mistakes: {
      'any amount of work runs': ['return mayGrow(lane.taken, weight, this.limits.capacity - this.taken);', 'return true;'],
      'any amount of work waits': ['if (!mayGrow(lane.queue.length, 1, this.limits.waiting - this.waiting)) {', 'if (lane.queue.length > 1e9) {'],
      'one registry takes all places': ['return more <= free && (held === 0 || held + more <= free);', 'return more <= free;'],
      'work that fails keeps its place': ['    } finally {\n      this.leave(name, share);\n    }', '    } finally {\n    }'],
      'who leaves keeps a place in the queue': ['lane.queue.splice(index, 1);', ''],
      'a turn that comes too late is lost': ['this.leave(name, weight);\n      }', '}'],
    },
  },
  {
    file: 'lib/verifier/deadline.ts',
    tests: ['test/verifier/server/faults.test.ts'],
    only: 'P02',
    mistakes: { 'time never runs out': ['this.timer = setTimeout(() => this.finish(), milliseconds);', 'this.timer = setTimeout(() => this.finish(), milliseconds + 3_600_000);'] },
  },
  {
    file: 'lib/verifier/policies/load.ts',
    tests: ['test/verifier/policies/load.test.ts'],
    mistakes: {
      'a file that cannot be read is passed over': ['problems.push(`${file}: cannot be read (${unreadable(error)})`);', ''],
      'YAML that is broken is passed over': ['problems.push(...new Set(document.errors.map((error) => `${file}: ${yamlProblem(error, file)}`)));', ''],
    },
  },
  {
    file: 'lib/policy/document-like.ts',
    tests: ['test/verifier/policies/load.test.ts'],
    mistakes: {
      'a policy of a misspelt version is somebody else\'s object': ["  return (named && !foreign) || (isPlainObject(spec) && 'attestors' in spec && 'requirements' in spec);", '  return false;'],
      'a deny list of a misspelt group is somebody else\'s object': ["const foreign = kind === 'ImagePolicy' && typeof", 'const foreign = typeof'],
      'a misspelt kind is somebody else\'s object': [" || (isPlainObject(spec) && 'attestors' in spec && 'requirements' in spec)", ''],
    },
  },
  {
    file: 'lib/verifier/server/answer-batch.ts',
    tests: ['test/verifier/server/answer-batch.test.ts'],
    mistakes: {
      'an answer is sent twice': ['    this.waiting = [];\n    answers', '    answers'],
      'a long turn keeps every answer back': ['this.waiting.length === MOST', 'this.waiting.length < 0'],
      'an answer that fails is lost in silence': ['reject(error instanceof Error ? error : new Error(String(error)))', 'resolve()'],
    },
  },
  {
    file: 'lib/verifier/admission/judge-review.ts',
    tests: ['test/verifier/admission/hostile.test.ts', 'test/verifier/admission/answers.test.ts'],
    mistakes: {
      'a namespace that no policy covers is let through where the API server asks about it': ["mode === 'enforce' && wanted.size > 0 && !parts.images.enforcedIn(namespace)", "mode !== 'enforce' && !parts.images.enforcedIn(namespace)"],
    },
  },
  {
    file: 'lib/verifier/gathered-bytes.ts',
    tests: ['test/verifier/gathered-bytes.test.ts'],
    mistakes: {
      'crumbs are taken': ['this.pieces > PIECES + this.length / 1024', 'this.pieces < 0'],
      'what was gathered is lost when the buffer grows': ['this.buffer.copy(larger, 0, 0, this.length);', ''],
    },
  },
  {
    file: 'lib/verifier/server/server.ts',
    tests: ['test/verifier/server/connections.test.ts'],
    mistakes: {
      'whoever stops is ready': ["this.stopping ? ['stopping'] : ", ''],
      'the newest connection is turned away for silent ones': ['const [silent = socket] = this.strangers.values();', 'const silent = socket;'],
      'who has asked may be turned out': ['    this.strangers.delete(peerOf(message.socket));\n', ''],
      'there may be any number of connections': ['this.sockets.size > this.mostConnections', 'this.sockets.size < 0'],
    },
  },
  {
    file: 'lib/verifier/server/webhook.ts',
    tests: ['test/verifier/server/protocol.test.ts'],
    only: 'slow and broken',
    mistakes: {
      'a body that is on its way takes a place': ['    let judging = 0;\n', '    let judging = 0;\n    this.inWork += 1;\n    message.once(\'close\', () => (this.inWork -= 1));\n'],
    },
  },
  {
    file: 'lib/verifier/judge/image-judge.ts',
    tests: ['test/verifier/judge/image-judge.test.ts'],
    only: 'older layout',
    mistakes: {
      'older layouts are asked for in any case': ['if (isEnough()) {', "if (isEnough() && from === 'olderLayout') {"],
      'a window\'s warnings leave nothing open': ['return verdict.allowed && verdict.warnings.length === 0;', 'return verdict.allowed;'],
      'an older layout that cannot be learned is absent': ['reports[index] ?? [])', "from === 'olderLayout' && reports[index]?.[0]?.status === 'unavailable' ? [] : reports[index] ?? [])"],
    },
  },
  {
    file: 'lib/verifier/judge/image-judge.ts',
    tests: ['test/verifier/judge/image-judge.test.ts'],
    only: 'where the newest scan decides',
    mistakes: {
      'a newer scan elsewhere is passed over': ['=> isSettled(answer = judge(image.found)) && !needsAll;', '=> isSettled(answer = judge(image.found));'],
      'a newer scan that cannot be learned is passed over': [' && !known.policies.some(hasNewest)', ''],
    },
  },
  {
    file: 'lib/engines/webhook/drift.ts',
    tests: ['test/engines/webhook/drift.test.ts'],
    mistakes: {
      'a configuration that is gone has not drifted': ['[`${kind} ${verifier.name} is missing`]', '[]'],
      'an entry that is gone has not drifted': ["[`${String(entry['name'])} is missing`]", '[]'],
      'an entry may be there twice': ["...others.map(() => `${String(entry['name'])} is there twice`)", ''],
      'other entries may stand beside': ["!expected.some((entry) => entry['name'] === name)", 'false'],
      'fields that are new do not count': ['...Object.keys(expected), ...Object.keys(found)', '...Object.keys(expected)'],
      'where an entry leads does not count': ["const TUNABLE: readonly string[] = ['timeoutSeconds'];", "const TUNABLE: readonly string[] = ['timeoutSeconds', 'clientConfig'];"],
    },
  },
  {
    file: 'lib/verifier/judge/evidence-source.ts',
    tests: ['test/verifier/server/faults.test.ts'],
    only: 'the deadline is our own',
    mistakes: {
      'time that a registry took is nobody\'s': ['          asked += 1;\n          awaits(noAnswer(at));\n', ''],
      'time that cryptography took is the registry\'s': ['awaits(asked > 0 ? noAnswer(at) : undefined)', 'awaits(noAnswer(at))'],
    },
  },
  {
    file: 'lib/verifier/single-flight.ts',
    tests: ['test/verifier/single-flight.test.ts'],
    only: 'told what the work waits for',
    mistakes: { 'what the work waits for is not said': ['flight.overdue ?? error : error', 'error : error'] },
  },
];
