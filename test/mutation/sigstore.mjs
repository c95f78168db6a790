/** What the cryptography says, and how bytes of strangers are read before it is asked. */
export default [
  {
    file: 'lib/verifier/sigstore/thread-main.ts',
    tests: ['test/verifier/sigstore/pool.test.ts'],
    mistakes: { 'checking evidence goes before answering': ['yieldToAnswers();\n', ''] },
  },
  {
    file: 'lib/verifier/sigstore/pool.ts',
    tests: ['test/verifier/sigstore/pool.test.ts'],
    only: 'P15',
    mistakes: {
      'one thread speaks for all': ['[...this.threads].filter(({ isLoaded }) => isLoaded)', '[...this.threads].slice(0, 1)'],
      'a check may be done by any thread': ['only === thread && (takesLarge', '(takesLarge'],
      'nobody misses a thread': ['if (missing > 0) {', 'if (missing < 0) {'],
      'evidence that ends a thread is a fault of the verifier': ['if (!(error instanceof ThreadGone)) {', 'if (error !== undefined) {'],
    },
  },
  {
    file: 'lib/verifier/sigstore/verify-evidence.ts',
    tests: ['test/verifier/sigstore/pool.test.ts'],
    only: 'P15',
    mistakes: {
      'roots that were emptied are used': ['  store.check();\n', ''],
    },
  },
  {
    file: 'lib/verifier/sigstore/certificate.ts',
    tests: ['test/verifier/sigstore/certificates.test.ts'],
    only: 'what the certificate is for',
    mistakes: {
      'an extension may be a string of several pieces': [' || value?.tag.toDER() !== 0x04', ' || value === undefined'],
      'an authority signs code': ['certificate.isCA || certificate.extBasicConstraints?.isCA === true', 'certificate === undefined'],
      'an authority that may not sign certificates signs code': [' || certificate.extBasicConstraints?.isCA === true', ''],
      'a certificate that is not for signatures signs': ['certificate.extKeyUsage !== undefined && !certificate.extKeyUsage.digitalSignature', 'certificate === undefined'],
      'critical extensions that nobody understands are passed over': ['isCritical(rest[0]) && !UNDERSTOOD.has(name)', "isCritical(rest[0]) && name === ''"],
      'an object identifier may have a needless first byte': ['if (isFirst && byte === 0x80) {', 'if (byte === undefined) {'],
      'an object identifier may end in the middle': ['first === undefined || !isFirst || ', 'first === undefined || '],
      'an extension may be there twice': ['if (extensions.has(name)) {', "if (name === '') {"],
    },
  },
  {
    file: 'lib/verifier/sigstore/certificate.ts',
    tests: ['test/verifier/sigstore/identities.test.ts'],
    only: 'which name the certificate carries|how the certificate writes it|E12',
    mistakes: {
      'the first of several subjects counts': ['name === undefined || names.length > 1', 'name === undefined'],
      'a DNS name is an identity': ["0x81: 'email', 0x86: 'uri' }", "0x81: 'email', 0x86: 'uri', 0x82: 'uri' }"],
      'any other name is a user name': ['oidText(type.value) !== OID.userName || ', ''],
      'the newer issuer wins over the older': ['issuers.some((other) => other !== issuer)', 'false'],
      'the newer trigger wins over the older': ["2: 'buildTrigger', ", ''],
      'the newer commit wins over the older': ["3: 'sourceRepositoryDigest', ", ''],
      'the newer ref wins over the older': [", 6: 'sourceRepositoryRef' }", ' }'],
      'the newer repository wins over the older': ['repository !== undefined && uri !== undefined && ', 'repository === null && uri !== undefined && '],
      'a claim may be any string type': ['text?.tag !== 0x0c || more.length > 0', 'text === undefined || more.length > 0'],
      'a claim may be followed by more': ['text?.tag !== 0x0c || more.length > 0', 'text?.tag !== 0x0c'],
      'a claim that is not UTF-8 is read nevertheless': ['fatal: true', 'fatal: false'],
      'a subject may hold any byte': ['byte < 0x21 || byte > 0x7e', 'byte > 0xff'],
      'a subject may end with a line': ['byte < 0x21 || ', 'byte < 0x0a || '],
      'lengths need not be minimal': ['!isMinimal || ', ''],
      'lengths need not be definite': ['first === 0x80 || ', ''],
      'an extension may be followed by more': ['outer?.tag !== tag || more.length > 0', 'outer?.tag !== tag'],
      'a user name may be followed by more': ['wrapped?.tag !== 0xa0 || more.length > 0', 'wrapped?.tag !== 0xa0'],
    },
  },
  {
    file: 'lib/verifier/sigstore/log-entry.ts',
    tests: ['test/verifier/sigstore/logs.test.ts'],
    mistakes: {
      'a log entry may be of another signer': ['if (!verifier.equals(signer)) {', 'if (verifier.length === 0) {'],
      'a log counts before its time': ['start <= time && time <= end', 'time <= end'],
      'a log counts after its time': ['start <= time && time <= end', 'start <= time'],
      'one time within the log\'s window is enough': ['times.every(', 'times.some('],
      'another log\'s window counts': ['log.logID.equals(keyId)', 'keyId.length > 0'],
    },
  },
  {
    file: 'lib/verifier/sigstore/verify-bundle.ts',
    tests: ['test/verifier/sigstore/certificates.test.ts'],
    only: 'when it was valid|that it was logged',
    mistakes: {
      'the certificate need not be logged': ['ctlogThreshold: withSct ? 1 : 0', 'ctlogThreshold: 0'],
      'logs of certificates that nobody knows are asked where none is needed': ['withSct ? certificate : withoutScts(certificate)', 'certificate'],
    },
  },
  {
    file: 'lib/verifier/sigstore/verify-bundle.ts',
    tests: ['test/verifier/sigstore/certificates.test.ts'],
    only: 'second timestamp',
    mistakes: {
      'the timestamps of forged certificates are checked': ['issued ? whole : briefly(whole)', 'whole'],
      'a name makes an issuer': [' && isSignedBy(certificate, issuer)', ''],
    },
  },
  {
    file: 'lib/verifier/sigstore/verify-bundle.ts',
    tests: ['test/verifier/sigstore/logs.test.ts'],
    mistakes: {
      'the signature of a certificate need not be logged': ['tlogThreshold: entriesNeeded(transparency, entity), timestampThreshold: 1 }', 'tlogThreshold: 0, timestampThreshold: 1 }'],
      'the signature of a key need not be logged': ['{ tlogThreshold: entriesNeeded(transparency, entity), timestampThreshold: transparency', '{ tlogThreshold: 0, timestampThreshold: transparency'],
      'nobody asks what the log has of a certificate': ['checkEntries(entity, decoded, material, { signer: decoded.leaf, moments: times, trustRoot });', ''],
      'nobody asks what the log has of a key': ['checkEntries(entity, decoded, material, { signer: spki, moments: times.length > 0 ? times : [new Date()], trustRoot });', ''],
      'a time that no log promised counts': [' && entry.tlogEntry.inclusionPromise !== undefined', ''],
    },
  },
  {
    file: 'lib/verifier/sigstore/verify-bundle.ts',
    tests: ['test/verifier/sigstore/timestamps.test.ts'],
    mistakes: {
      'a key needs no timestamp, though its policy demands one': ['if (needsAuthority && byAuthority.length === 0) {', 'if (byAuthority === undefined) {'],
    },
  },
  {
    file: 'lib/verifier/sigstore/verify-bundle.ts',
    tests: ['test/verifier/sigstore/signatures.test.ts'],
    only: 'who signed|what the envelope holds',
    mistakes: {
      'a certificate stands for a key': ['if (decoded.leaf !== undefined) {', 'if (decoded.leaf === null) {'],
      'a changed statement is only a matter of the log': ['&& !entity.signature.verifySignature(key())', '&& entity.signature === undefined'],
    },
  },
  {
    file: 'lib/verifier/sigstore/verify-bundle.ts',
    tests: ['test/verifier/sigstore/own-certificates.test.ts'],
    mistakes: {
      'a certificate of one\'s own may be of any authority': ['const paths = OwnAuthority.of(attestor.authority).paths(leaf, decoded.brought);', 'const paths = [{ from: 0, until: Infinity }];'],
      'a certificate of one\'s own may be over when it signs': [' && moment.getTime() <= until)', ')'],
      'a certificate of one\'s own may be to come when it signs': ['from <= moment.getTime() && ', ''],
      'the signature of a certificate of one\'s own need not be logged': ['tlogThreshold: entriesNeeded(transparency, entity), timestampThreshold: isTimed', 'tlogThreshold: 0, timestampThreshold: isTimed'],
      'nobody asks what the log has of a certificate of one\'s own': ['checkEntries(entity, decoded, material, { signer: leaf, moments, trustRoot });', ''],
      'any key in a certificate of one\'s own signs': ['if (hashesFor(key).length === 0) {', 'if (leaf === undefined) {'],
    },
  },
  {
    file: 'lib/verifier/sigstore/certificate.ts',
    tests: ['test/verifier/sigstore/own-certificates.test.ts'],
    mistakes: {
      'a DNS name of one\'s own authority is a URI': ["0x82: 'dns'", "0x82: 'uri'"],
      'an authority may be for anything': ['usages !== undefined && !keyUsages(usages).some', 'usages === null && !keyUsages(usages).some'],
      'an authority may constrain names': ['if (extensions.has(OID.nameConstraints)) {', "if (extensions.has('')) {"],
      'anybody is an authority': ["parsed.version !== 'v3' || !parsed.isCA || !native.ca", "parsed.version !== 'v3'"],
    },
  },
  {
    file: 'lib/verifier/sigstore/own-authority.ts',
    tests: ['test/verifier/sigstore/own-certificates.test.ts'],
    mistakes: {
      'nobody checks the signatures of certificates': [' && subject.native.verify(key)', ''],
      'what a bundle brings is trusted': ['accepted(this.trusted, brought.flatMap(tryRead))', '[...this.trusted, ...brought.flatMap(tryRead)]'],
      'paths may be longer than an authority allows': ['!allowsLength(issuer, path.length - 1) || ', ''],
      'what a bundle brings is of no use': ['brought.flatMap(tryRead)', '[]'],
      'validity is that of the certificate that ends last': ['until: Math.min(', 'until: Math.max('],
    },
  },
  {
    file: 'lib/verifier/sigstore/fingerprints.ts',
    tests: ['test/verifier/sigstore/fingerprints.test.ts'],
    mistakes: {
      'a certificate has one fingerprint': ['[der, ...twins.map(', '[der, ...[].map('],
      'a certificate may name two algorithms': ['|| !algorithm.toDER().equals(innerAlgorithm.toDER()) ', ''],
      'bits of a certificate may be unused': [' || signature.value[0] !== 0', ''],
    },
  },
  {
    file: 'lib/verifier/sigstore/own-authority.ts',
    tests: ['test/verifier/policies/public-keys.test.ts'],
    mistakes: { 'an authority may have certificates of others': ['this.roots.length === 0 || this.trusted.length < certificates.length', 'this.roots.length === 0'] },
  },
  {
    file: 'lib/verifier/sigstore/signature.ts',
    tests: ['test/verifier/sigstore/signatures.test.ts'],
    only: 'who signed|which kind of key signed',
    mistakes: {
      'the payload is signed without its type': ['signatureOf(dsse.preAuthEncoding(payloadType, payload), payload, signature, stamped)', 'signatureOf(payload, payload, signature, stamped)'],
      'small RSA keys sign': ['>= 2048', '>= 512'],
    },
  },
  {
    file: 'lib/verifier/sigstore/signature.ts',
    tests: ['test/verifier/sigstore/logs.test.ts'],
    only: 'whose signature the log has',
    mistakes: {
      'the log may have another signature': ['compareSignature: (other) => same(other, signature)', 'compareSignature: () => true'],
      'the log may have another payload': ['compareDigest: (digest) => isDigestOf(content, digest)', 'compareDigest: () => true'],
      'the newer log may have another payload': ['compareSignedDigest: (digest) => isDigestOf(signed, digest)', 'compareSignedDigest: () => true'],
    },
  },
  {
    file: 'lib/verifier/sigstore/statement.ts',
    tests: ['test/verifier/sigstore/statements.test.ts'],
    mistakes: {
      'any JSON is a statement': [' || !STATEMENT_TYPES.has(json._type)', ''],
      'a statement needs no predicate type': ["typeof predicateType !== 'string' || predicateType === ''", 'predicateType === null'],
      'every statement is a signature': ['predicateType === COSIGN_SIGN', 'predicateType !== undefined'],
      'no statement is a signature': ['predicateType === COSIGN_SIGN', 'predicateType === undefined'],
      'any number of subjects is read': ['value.length > BUNDLE_LIMITS.subjects', 'value.length > Infinity'],
      'a digest need not be a text': ["typeof hex !== 'string'", 'hex === undefined'],
      'a statement needs no subjects': ['if (!Array.isArray(value)) {', 'if (value === undefined) {\n    return [];\n  }\n  if (!Array.isArray(value)) {'],
    },
  },
  {
    file: 'lib/verifier/sigstore/bundle.ts',
    tests: ['test/verifier/sigstore/limits.test.ts'],
    mistakes: {
      'a bundle may have any size': ['bytes.length > BUNDLE_LIMITS.bytes', 'bytes.length > Infinity'],
    },
  },
  {
    file: 'lib/verifier/sigstore/remember.ts',
    tests: ['test/verifier/sigstore/remember.test.ts'],
    mistakes: {
      'what one issuer signed counts for every issuer': ['const by = issuer ?? certificate;', 'const by = certificate;'],
    },
  },
  {
    file: 'lib/verifier/sigstore/verify-evidence.ts',
    tests: ['test/verifier/sigstore/trust-roots.test.ts'],
    mistakes: {
      'any trust root does for every attestor': ['return this.materials.get(name);', 'return [...this.materials.values()].at(-1);'],
    },
  },
  {
    file: 'lib/verifier/sigstore/pool.ts',
    tests: ['test/verifier/sigstore/pool.test.ts'],
    only: 'no thread is started',
    mistakes: {
      'threads start before anybody asks': ['this.limits = options.limits ?? POOL_LIMITS;\n', 'this.limits = options.limits ?? POOL_LIMITS;\n    void this.ready();\n'],
      'threads start after the end': ['this.closed ? 0 : this.options.workers', 'this.options.workers'],
    },
  },
  {
    file: 'lib/verifier/trust/assemble-trust.ts',
    tests: ['test/verifier/trust/assemble-trust.test.ts'],
    mistakes: {
      'threads load roots that nobody names': ['fixed: fixed.filter(({ name }) => named.has(name)),', 'fixed,'],
      'threads load only what ships': ['named.has(name)),\n    pool', "named.has(name) && name !== 'own'),\n    pool"],
    },
  },
  {
    file: 'lib/verifier/sigstore/trust-roots.ts',
    tests: ['test/verifier/sigstore/trust-roots.test.ts'],
    mistakes: {
      'a trust root that is given is not checked': ['given.forEach(({ name, json }) => trustMaterialOf(name, json));', ''],
      'a trust root of any version is read': [' || !MEDIA_TYPES.has(root.mediaType)', ''],
      'an empty trust root is one': ['if (authorities.length + logs.length === 0) {', 'if (authorities.length + logs.length < 0) {'],
      'a validity needs no start': ["typeof object(period).start !== 'string'", 'period === null'],
      'two logs may share an id': ['if (repeated !== undefined) {', "if (repeated === '') {"],
      'a given root does not replace the one that ships': ['[...shipped, ...given]', '[...given, ...shipped]'],
      'a trust root may be read in two ways': ['return parseStrictJson(utf8(json));', 'return JSON.parse(json);'],
    },
  },
  {
    file: 'lib/verifier/sigstore/trust-roots.ts',
    tests: ['test/verifier/sigstore/timestamps.test.ts'],
    only: 'E39 a trust root',
    mistakes: {
      'an authority of any kind tells the time': ['keyUsage?.includes(TIME_STAMPING) !== true', 'keyUsage === null'],
    },
  },
  {
    file: 'lib/verifier/sigstore/canary.ts',
    tests: ['test/verifier/sigstore/canary.test.ts'],
    mistakes: {
      'whatever cryptography says, it works': ["verified !== 'forged refused, genuine verified'", "verified === ''"],
      'a forged signature that is verified is no sign of trouble': ["!== 'forged refused, genuine verified'", "=== 'forged refused, genuine refused'"],
    },
  },
  {
    file: 'lib/verifier/sigstore/verify-bundle.ts',
    tests: ['test/verifier/sigstore/logs.test.ts'],
    only: 'which version of the log|how inclusion is proven|what a log promises',
    mistakes: {
      'nobody asks when a log was trusted': ['checkLogWindow(entry, tlogs, moments, trustRoot);', ''],
      'the log of a key without a time was trusted whenever': ['signer: spki, moments: times.length > 0 ? times : [new Date()]', 'signer: spki, moments: times'],
    },
  },
  {
    file: 'lib/verifier/sigstore/bundle-json.ts',
    tests: ['test/verifier/sigstore/signatures.test.ts'],
    only: 'what the envelope holds',
    mistakes: {
      'a certificate beside a key is passed over': ['if (ways !== 1) {', 'if (ways === 0) {'],
      'one of several signatures is enough': ['first === undefined || more.length > 0', 'first === undefined'],
    },
  },
  {
    file: 'lib/verifier/sigstore/bundle-json.ts',
    tests: ['test/verifier/sigstore/statements.test.ts'],
    only: 'what kind of evidence',
    mistakes: {
      'any payload is a statement': ['if (envelope.payloadType !== IN_TOTO) {', "if (envelope.payloadType === '') {"],
    },
  },
  {
    file: 'lib/verifier/sigstore/bundle-json.ts',
    tests: ['test/verifier/sigstore/logs.test.ts'],
    only: 'which version of a bundle it is',
    mistakes: {
      'a bundle of an older version needs no proof of inclusion': ['if (!isGiven(entry.inclusionProof)) {\n    throw', 'if (!isGiven(entry.inclusionProof)) {\n    return { ...entry, logIndex: String(entry.logIndex ?? 0), integratedTime: String(entry.integratedTime ?? 0) };\n    throw'],
      'a bundle may call itself another version': [' || VERSIONS.get(mediaType) !== VERSIONS.get(attachedAs)', ''],
    },
  },
  {
    file: 'lib/verifier/sigstore/bundle-json.ts',
    tests: ['test/verifier/sigstore/limits.test.ts'],
    mistakes: { 'timestamps may have any size together': ['stamped > BUNDLE_LIMITS.der', 'stamped > Infinity'] },
  },
  {
    file: 'lib/verifier/sigstore/fields.ts',
    tests: ['test/verifier/sigstore/limits.test.ts'],
    mistakes: {
      'base64 may have any length': ['value.length > Math.ceil(limit / 3) * 4', 'value.length > Infinity'],
      'a text may have any size': ['if (given.length > limit) {', 'if (given.length > Infinity) {'],
      'lists may have any length': ['if (value.length > limit) {', 'if (value.length > Infinity) {'],
      'numbers may have any length': ['/^[0-9]{1,19}$/', '/^[0-9]+$/'],
    },
  },
  {
    file: 'lib/verifier/sigstore/fields.ts',
    tests: ['test/verifier/sigstore/signatures.test.ts'],
    only: 'how bytes are written as text',
    mistakes: { 'base64 has several spellings': [" || Buffer.from(value, 'base64').toString('base64') !== value", ''] },
  },
  {
    file: 'lib/verifier/sigstore/fields.ts',
    tests: ['test/verifier/sigstore/bundle.test.ts'],
    mistakes: {
      'a text may be anything': ["if (typeof given !== 'string') {", 'if (given === true) {'],
      'an object may be a list': ['value === null || Array.isArray(value)) {', 'value === null) {'],
    },
  },
  {
    file: 'lib/verifier/json/parse.ts',
    tests: ['test/verifier/json/parse.test.ts'],
    mistakes: {
      'bytes need not be UTF-8': ['if (!isUtf8(buffer)) {', 'if (buffer.length < 0) {'],
    },
  },
  {
    file: 'lib/verifier/json/member-names.ts',
    tests: ['test/verifier/json/parse.test.ts'],
    mistakes: {
      'a key may be there twice': ['throw twice();\n      }\n    }', '}\n    }'],
      'a key may be there twice among many': ['if (texts.has(text)) {', "if (text === ' ') {"],
      'the prototype is a key': ['if (end - start === 9 && ', 'if (end - start < 0 && '],
      'the prototype is a key among many': ["if (text === '__proto__') {", "if (text === '') {"],
      'an escaped key is another': ['(escaped || this.top', '(this.top'],
      'any number of members is read': ['if (this.many > MANY) {', 'if (this.many > Infinity) {'],
    },
  },
  {
    file: 'lib/verifier/json/scanner.ts',
    tests: ['test/verifier/json/parse.test.ts'],
    mistakes: {
      'documents may be nested without end': ['if (this.depth > this.limits.depth) {', 'if (this.depth > Infinity) {'],
      'documents may hold any number of values': ['if (this.values > this.limits.values) {', 'if (this.values > Infinity) {'],
      'something may follow a document': ['if (this.at < this.bytes.length) {', 'if (this.at < 0) {'],
    },
  },
  {
    file: 'lib/verifier/json/tokens.ts',
    tests: ['test/verifier/json/parse.test.ts'],
    mistakes: {
      'numbers may have any number of digits': ['if (this.at - start > LONGEST_NUMBER) {', 'if (this.at - start > Infinity) {'],
      'half a character is one': ['if (paired < 0xdc00 || paired > 0xdfff) {', 'if (paired < 0) {'],
      'numbers that not every reader holds are read': [' || (Number.isInteger(value) && !Number.isSafeInteger(value))', ''],
      'numbers that are too large are read': ['!Number.isFinite(value) || ', ''],
      'an escaped quote ends a text': ['if (byte === BACKSLASH) {', 'if (byte === 0) {'],
    },
  },
  {
    file: 'lib/verifier/sigstore/simple-signing.ts',
    tests: ['test/verifier/sigstore/older-layouts.test.ts'],
    only: 'what simple signing says',
    mistakes: {
      'simple signing may be of any type': ['if (type !== TYPE) {', 'if (type === null) {'],
      'what is critical and not known is passed over': ['if (strange !== undefined) {', 'if (strange === null) {'],
      'the digest of simple signing may be written in any way': ['/^sha256:([0-9a-f]{64})$/', '/([0-9A-Fa-f]{64})$/'],
    },
  },
  {
    file: 'lib/verifier/sigstore/older-layout.ts',
    tests: ['test/verifier/sigstore/older-layouts.test.ts'],
    only: 'who signed it|an attestation in|as a referrer',
    mistakes: {
      'an envelope without a mark is cosign\'s': ['if (mark === undefined) {', "if (mark === '-') {"],
      'an envelope may have a signature beside it': ["if (mark !== '') {", "if (mark === '-') {"],
      'the first of several certificates counts': ['-----END CERTIFICATE-----\\n?$/', '-----END CERTIFICATE-----\\n?/'],
      'words before a certificate are passed over': ['/^-----BEGIN', '/-----BEGIN'],
      'a log\'s id may be written in any way': ["typeof logID !== 'string' || !/^[0-9a-f]{64}$/.test(logID)", "typeof logID !== 'string'"],
    },
  },
  {
    file: 'lib/verifier/sigstore/bundle.ts',
    tests: ['test/verifier/sigstore/older-layouts.test.ts'],
    only: 'what a timestamp is of|beside bundles',
    mistakes: {
      'a timestamp of the signature does for an envelope': ['envelope(json, json.dsseEnvelope, blob)', 'envelope(json, json.dsseEnvelope)'],
    },
  },
  {
    file: 'lib/verifier/sigstore/log-entry.ts',
    tests: ['test/verifier/sigstore/logs.test.ts'],
    mistakes: {
      'a log entry needs neither promise nor proof': ['if (inclusionProof === undefined && inclusionPromise !== undefined) {', 'if (inclusionPromise !== undefined) {'],
      'whoever signed a checkpoint is the log': ['names.filter((name) => name === origin || origin.startsWith(`${name} - `))', 'names'],
    },
  },
  {
    file: 'lib/verifier/sigstore/bundle-json.ts',
    tests: ['test/verifier/sigstore/messages.test.ts'],
    only: 'own bytes',
    mistakes: {
      'a bundle may have two contents': ['    if (isGiven(dsseEnvelope)) {', '    if (dsseEnvelope === 0) {'],
      'the digest of a message may be cut short': ["if (Buffer.byteLength(known, 'base64') !== DIGESTS[named]) {", "if (known === '') {"],
    },
  },
  {
    file: 'lib/verifier/sigstore/bundle-json.ts',
    tests: ['test/verifier/sigstore/certificates.test.ts'],
    only: 'who issued it',
    mistakes: { 'a bundle may bring a root of its own': ['if (certificate.subject === certificate.issuer) {', "if (certificate.subject === '') {"] },
  },
  {
    file: 'lib/verifier/sigstore/verify-bundle.ts',
    tests: ['test/verifier/sigstore/messages.test.ts'],
    only: 'own bytes',
    mistakes: { 'a message may have another digest than it says': ['if (decoded.failure !== undefined) {', 'if (decoded.failure === null) {'] },
  },
  {
    file: 'lib/verifier/sigstore/signature.ts',
    tests: ['test/verifier/sigstore/signatures.test.ts'],
    only: 'which kind of key signed',
    mistakes: { 'Ed25519ph is not known': ['return [null, ED25519_PH];', 'return [null];'] },
  },
  {
    file: 'lib/verifier/registry/client.ts',
    tests: ['test/verifier/sigstore/messages.test.ts'],
    only: 'beside other evidence',
    mistakes: {
      'the manifest is read in any case': ['if (image === undefined && bundles.found.some(mayBeOfBytes)) {', 'if (image === undefined) {'],
      'a manifest that is not there hides everything': ['return artifact === undefined ? {} : { artifact };', "if (artifact === undefined) {\n        throw new VerifierError('IMAGE_NOT_FOUND', 'x');\n      }\n      return { artifact };"],
    },
  },
  {
    file: 'lib/verifier/sigstore/statement.ts',
    tests: ['test/verifier/sigstore/older-layouts.test.ts'],
    only: 'what it is annotated with',
    mistakes: { 'the first of several subjects is the annotated one': ['return others.length > 0 ? {} : ', 'return '] },
  },
  {
    file: 'lib/verifier/sigstore/older-intoto.ts',
    tests: ['test/verifier/sigstore/older-layouts.test.ts'],
    only: 'logged as cosign 1 did',
    mistakes: {
      'an older entry may be about any envelope': [" || value !== createHash('sha256').update(envelope).digest('hex')", ''],
      'an older entry needs no promise': ['if (!isPromised(entry, tlogs)) {', 'if (tlogs === undefined) {'],
      'an older entry may stand in a bundle': ['if (envelope === undefined) {', 'if (envelope === null) {'],
    },
  },
  {
    file: 'lib/verifier/sigstore/verify-bundle.ts',
    tests: ['test/verifier/sigstore/older-layouts.test.ts'],
    only: 'logged as cosign 1 did',
    mistakes: { 'an older entry is not looked at': ['    checkOlderIntoto(entry, layer, tlogs);\n', ''] },
  },
  {
    file: 'lib/verifier/sigstore/read-certificate.ts',
    tests: ['test/verifier/sigstore/certificates.test.ts'],
    only: 'what the certificate is for',
    mistakes: { 'one parser is enough': ['const native = new NativeCertificate(der);', 'const native = { raw: der, publicKey: createPublicKey({ key: parsed.publicKey, format: \'der\', type: \'spki\' }), validFrom: parsed.notBefore.toISOString(), validTo: parsed.notAfter.toISOString() } as unknown as NativeCertificate;'] },
  },
  {
    file: 'lib/verifier/sigstore/asn1.ts',
    tests: ['test/verifier/sigstore/asn1.test.ts'],
    mistakes: {
      'the library reads DER by itself': ['ASN1Obj.parseBuffer = parseAsn1;\n', ''],
      'an element may end after what it stands in': ['isShortest && start + length <= limit', 'isShortest && start + length <= bytes.length'],
      'a length may be longer than it needs to be': ['length >= 0x80 && ', ''],
      'the library writes DER by itself': ['ASN1Obj.prototype.toDER = function', 'void function'],
      'what is written are the bytes that were read, whatever was changed since': ['if (subs.length > 0) {', 'if (subs.length > 1_000) {'],
      'a length of 128 is a short one': ['if (length < 0x80) {', 'if (length <= 0x80) {'],
    },
  },
  {
    file: 'lib/verifier/sigstore/fingerprints.ts',
    tests: ['test/verifier/sigstore/fingerprints.test.ts'],
    mistakes: { 'a certificate may write its key in any form': ['if (!isCanonicalKey(certificate.publicKey)) {', 'if (certificate.publicKey.length === 0) {'] },
  },
  {
    file: 'lib/policy/public-key.ts',
    tests: ['test/policy/public-key.test.ts'],
    mistakes: {
      'a point may be hybrid': ['identifier !== ED25519 && der[key.start + 1] !== UNCOMPRESSED', 'identifier === ED25519 && der[key.start + 1] === undefined'],
      'zeros may stand before a number': ['if (!isPositive(der, modulus) || !isPositive(der, exponent)) {', 'if (der.length === 0) {'],
    },
  },
];
