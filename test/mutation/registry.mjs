/** What is read from registries, and what they are told. */
export default [
  {
    file: 'lib/verifier/registry/manifest.ts',
    tests: ['test/verifier/registry/content.test.ts'],
    mistakes: {
      'content need not be what was asked for': ['if (await digestOf(bytes) !== digest) {', "if (digest === '') {"],
      'content may have another size than its descriptor says': ['if (bytes.length !== size) {', 'if (bytes.length < 0) {'],
      'a document may be an index and a manifest': ['if (isIndex === isManifest) {', 'if (!isIndex && !isManifest) {'],
      'a document may be neither an index nor a manifest': ['if (isIndex === isManifest) {', 'if (isIndex && isManifest) {'],
      'an artifact may be an index, too': ["if (Object.hasOwn(manifest, 'manifests')) {", "if (Object.hasOwn(manifest, '')) {"],
    },
  },
  {
    file: 'lib/verifier/registry/manifest.ts',
    tests: ['test/verifier/registry/hiding.test.ts'],
    mistakes: {
      'a descriptor needs no sha256 digest': [' || !/^sha256:[0-9a-f]{64}$/.test(digest)', ''],
    },
  },
  {
    file: 'lib/verifier/registry/client.ts',
    tests: ['test/verifier/registry/content.test.ts'],
    mistakes: {
      'the bytes of a blob are not compared with its digest': ['await checkContent(bytes, layer, `bundle of ${reference.name}`);', ''],
      'the bytes of an artifact are not compared with its descriptor': ['await checkContent(body, referrer, `artifact of ${reference.name}`);', ''],
      'a tag may point to what has two readings': ['checkUnambiguous(body, reference.name);', ''],
      'a tag is looked for where a digest is written': ['if (reference.digest !== undefined) {\n      return', 'if (reference.digest === null) {\n      return'],
    },
  },
  {
    file: 'lib/verifier/registry/client.ts',
    tests: ['test/verifier/registry/referrers.test.ts'],
    mistakes: {
      'a blob that is gone was never there': ["if (answer.status === 404) {\n      throw new VerifierError('MALFORMED'", "if (answer.status === 404) {\n      throw new VerifierError('REGISTRY_UNAVAILABLE'"],
    },
  },
  {
    file: 'lib/verifier/registry/session.ts',
    tests: ['test/verifier/registry/redirects.test.ts'],
    mistakes: {
      'a redirect may leave TLS': ["target.protocol === 'https:' || (target.protocol === 'http:' && this.settings.plainHttp && target.host === from.host)", 'true'],
      'a redirect over plain HTTP may leave the registry': ['this.settings.plainHttp && target.host === from.host', 'this.settings.plainHttp'],
      'a redirect may carry credentials': [" && target.username === ''", ''],
      'redirects never end': ['hop < this.limits.redirects', 'hop < 1000'],
    },
  },
  {
    file: 'lib/verifier/registry/session.ts',
    tests: ['test/verifier/registry/authentication.test.ts'],
    mistakes: {
      'a registry says for what a token is': ['const scope = `repository:${repository}:pull`;', 'const scope = challenge.scope;'],
      'a token may push': ['const scope = `repository:${repository}:pull`;', 'const scope = `repository:${repository}:pull,push`;'],
      'a token is fetched without TLS': [' && url.protocol === own.protocol', ''],
      'a realm may carry credentials': ["url !== undefined && url.username === ''", 'url !== undefined'],
      'a token of one repository does for another': ['const token = this.tokens.get(repository);', 'const token = [...this.tokens.values()][0];'],
      'any number of tokens is kept': ['if (this.tokenBytes + size > this.limits.tokens) {', 'if (this.tokenBytes < 0) {'],
      'a token never ends': ['token.until <= performance.now()', 'token.until < 0'],
      'any characters are a token': ["typeof token === 'string' && /^[\\x21-\\x7e]+$/.test(token)", "typeof token === 'string'"],
      'a token may be read in two ways': ['const answer = parseStrictJson(body);', 'const answer = JSON.parse(body.toString());'],
    },
  },
  {
    file: 'lib/verifier/registry/session.ts',
    tests: ['test/verifier/registry/faults.test.ts'],
    mistakes: {
      'what failed is never asked for again': ['return status === 429 || status >= 500;', 'return status < 0;'],
      'what failed is asked for again without end': ['attempt >= this.limits.retries || ', ''],
      'a registry makes the verifier wait beyond the deadline': [' || pause >= deadline.remaining()', ''],
    },
  },
  {
    file: 'lib/verifier/registry/credentials/docker-config.ts',
    tests: ['test/verifier/registry/credentials/docker-config.test.ts'],
    mistakes: {
      'a credential of the host goes before that of the repository': ['let length = segments.length; length >= 0; length -= 1', 'let length = 0; length <= segments.length; length += 1'],
      'Docker Hub\'s endpoint is another host': ['canonical === HUB_ENDPOINT ? HUB : canonical', 'canonical'],
      'a pattern is for any port': ['port === wantedPort && ', ''],
      'a pattern is for any number of labels': ['labels.length === wanted.length && ', ''],
      'what a pattern says before and after a star may overlap': ['return at <= label.length - last.length;', 'return true;'],
      'an entry may say two things': ['written !== undefined && decoded !== undefined && (', 'written === null && decoded === null && ('],
      'of two credentials for one registry the last counts': ['known !== undefined && JSON', 'known === null && JSON'],
      'a key may stand there twice': ['value = parseStrictJson(bytes);', 'value = JSON.parse(Buffer.from(bytes).toString());'],
      'base64 is read in more ways than one': ["bytes.toString('base64').replace(PADDING, '') === auth.replace(PADDING, '') && ", ''],
    },
  },
  {
    file: 'lib/verifier/registry/credentials/docker-config-file.ts',
    tests: ['test/verifier/registry/authentication.test.ts'],
    mistakes: {
      'a file that cannot be used means anonymous reading': ['if (problem !== undefined) {', 'if (problem === null) {'],
    },
  },
  {
    file: 'lib/verifier/registry/transport.ts',
    tests: ['test/verifier/registry/faults.test.ts'],
    mistakes: {
      'answers are read without end': ['if (gathered.size > limit) {', 'if (gathered.size > Infinity) {'],
      'an announced size is not believed': ['announced > limit', 'announced > Infinity'],
      'answers may be compressed': ["if (encoding !== 'identity') {", "if (encoding === '') {"],
      'a request goes on after the deadline': [', ...headers }, signal: deadline.signal };', ', ...headers } };'],
    },
  },
  {
    file: 'lib/verifier/registry/transport.ts',
    tests: ['test/verifier/registry/tls.test.ts'],
    mistakes: {
      'TLS of any version is spoken': ["minVersion: 'TLSv1.2', ", "minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0', "],
      'any certificate is trusted': ['maxSockets: 64, minVersion', 'maxSockets: 64, rejectUnauthorized: false, minVersion'],
      'the configured authority is not used': ['...(ca === undefined ? {} : { ca })', ''],
    },
  },
  {
    file: 'lib/verifier/registry/host-settings.ts',
    tests: ['test/verifier/registry/config.test.ts'],
    mistakes: {
      'plain HTTP needs no acknowledgement': ['plainHttp && !isLoopback(host) && acknowledgement === undefined', 'plainHttp === null && acknowledgement === undefined'],
    },
  },
  {
    file: 'lib/verifier/registry/credentials/renewed.ts',
    tests: ['test/verifier/registry/credentials/clouds.test.ts'],
    mistakes: {
      'one that is refused is kept': ['current.isDoubted ? await this.replace(current, transport, deadline) : current', 'current'],
      'one that is refused is given up before there is a new one': ['current.isDoubted ? await this.replace(current, transport, deadline) : current', 'current.isDoubted ? await this.obtain(transport, deadline) : current'],
      'whoever could read waits for a cloud that keeps silent': ['Math.min(REPLACING, deadline.remaining() / 2)', 'deadline.remaining() / 2'],
      'a cloud that fails is asked again at once': ['      current.asked = this.monotonic();\n', ''],
      'every refusal asks the cloud': ['this.monotonic() - current.asked >= PAUSE', 'true'],
      'a refusal of an earlier one gives up the next': ['        current.isDoubted ||=', '        this.current!.isDoubted ||='],
      'an issued credential is used when it has ended': ['current.until <= this.monotonic()', 'current.until <= 0'],
      'an issued credential is used to the last moment': ['Math.max(life - MARGIN, life / 2)', 'life'],
    },
  },
  {
    file: 'lib/verifier/registry/credentials/cloud.ts',
    tests: ['test/verifier/registry/credentials/clouds.test.ts'],
    mistakes: {
      'any answer of a cloud is one': ['if (answer.status === 200) {', 'if (answer.status > 0) {'],
      'a token of a cloud may hold a line break': ["typeof found !== 'string' || !isVisibleLine(found)", "typeof found !== 'string'"],
      'a file may hold several lines': ['if (!isVisibleLine(text)) {', "if (text === 'x') {"],
      'of several passwords the first is taken': [' || found.length !== 1', ''],
      'what a cloud says is repeated': ['`${url.host} answers HTTP ${answer.status}${errorCode(answer.body)}', '`${url.host} answers HTTP ${answer.status}${answer.body.toString()}'],
    },
  },
  {
    file: 'lib/verifier/registry/credentials/aws.ts',
    tests: ['test/verifier/registry/credentials/clouds.test.ts'],
    mistakes: { 'keys of AWS may be there twice': ['more.length === 1 ? text', 'more.length > 0 ? text'] },
  },
  {
    file: 'lib/verifier/registry/mirrors.ts',
    tests: ['test/verifier/judge/mirrors.test.ts'],
    mistakes: { 'a mirror has everything at its root': ['path === undefined ? reference.repository', 'true ? reference.repository'] },
  },
  {
    file: 'lib/verifier/judge/places.ts',
    tests: ['test/verifier/judge/mirrors.test.ts'],
    mistakes: {
      'a mirror may take all of the time': ['startDeadline(deadline.remaining() / 2, deadline.askers)', 'startDeadline(deadline.remaining())'],
      'a mirror that did not answer does not have the tag': ['?? failures.at(-1)', '&& failures.at(-1)'],
      'evidence of the last place replaces that of others': ['[...pieces, ...more.filter(', '[...more.filter('],
    },
  },
  {
    file: 'lib/verifier/judge/image-judge.ts',
    tests: ['test/verifier/judge/mirrors.test.ts'],
    mistakes: {
      'a place that did not answer has nothing': ['const unknown = isDone ? undefined : image.open && judge(image.open);', 'const unknown = undefined as ImageAnswer | undefined;'],
      'a place that did not answer refuses what is allowed': ['unknown === undefined || (answer.verdict.allowed && !unknown.verdict.allowed && !known.policies.some(hasNewest)) ? answer : unknown', 'unknown ?? answer'],
      'the first place that answers decides': ['if (isEnough()) {', "if (isEnough() || from === 'olderLayout') {"],
    },
  },
  {
    file: 'lib/verifier/registry/loopback.ts',
    tests: ['test/verifier/registry/config.test.ts'],
    mistakes: {
      'any host that begins like an address is loopback': ['/^127(\\.\\d{1,3}){3}$/.test(name)', "name.startsWith('127.')"],
    },
  },
  {
    file: 'lib/verifier/registry/config-section.ts',
    tests: ['test/verifier/registry/config.test.ts'],
    mistakes: {
      'unknown settings are passed over': ['.filter((name) => !fields.includes(name))', '.filter(() => false)'],
      'a file without a certificate is an authority': ['pem !== undefined && !isCertificate(pem)', "pem === ''"],
    },
  },
  {
    file: 'lib/verifier/registry/proxy/tunnel.ts',
    tests: ['test/verifier/registry/proxy/tunnel.test.ts'],
    mistakes: {
      'whatever a proxy answers is a tunnel': ['statusCode >= 200 && statusCode < 300 && first.length === 0', 'statusCode > 0'],
      'what a proxy says in front of a registry is passed over': [' && first.length === 0', ''],
      'a proxy is checked under the name of the registry': ['{ ...options, servername, minVersion', '{ ...options, minVersion'],
      'the authority of a proxy is not used': ['...(ca === undefined ? {} : { ca })', ''],
    },
  },
  {
    file: 'lib/verifier/registry/proxy/proxy.ts',
    tests: ['test/verifier/registry/proxy/tunnel.test.ts'],
    mistakes: {
      'this machine is reached through a proxy': [' && !isLoopback(url.host)', ''],
      'exceptions of a proxy are passed over': [' && !proxy.exceptions(url)', ''],
    },
  },
  {
    file: 'lib/verifier/registry/transport.ts',
    tests: ['test/verifier/registry/proxy/tunnel.test.ts'],
    mistakes: { 'a proxy that never answers is waited for': ['return atLast(deadline, answer);', 'return answer;'] },
  },
  {
    file: 'lib/verifier/registry/config.ts',
    tests: ['test/verifier/registry/config.test.ts'],
    mistakes: {
      'a host may be listed twice': ['host !== undefined && config.has(host)', 'host !== undefined && host === \'\''],
      'what holds for every host holds for listed ones only': ['config.get(registry) ?? config.get(EVERY) ?? ', 'config.get(registry) ?? '],
      'what holds for every host holds for others only': ['{ ...all, ...section', '{ ...section'],
      'the settings of an unlisted host are those of a listed one': ['problems.push(`${key}: ${error.message}`);', ''],
    },
  },
  {
    file: 'lib/verifier/registry/config.ts',
    tests: ['test/verifier/registry/tls.test.ts'],
    mistakes: {
      'a host without settings is spoken to without TLS': ['?? { plainHttp: false }', '?? { plainHttp: true }'],
    },
  },
  {
    file: 'lib/verifier/registry/manifest.ts',
    tests: ['test/verifier/registry/content.test.ts'],
    mistakes: { 'a manifest may be read in two ways': ['return parseStrictJson(bytes, limits, members);', 'return JSON.parse(Buffer.from(bytes).toString());'] },
  },
  {
    file: 'lib/verifier/registry/listing.ts',
    tests: ['test/verifier/registry/referrers.test.ts'],
    mistakes: {
      'a list of referrers may be a manifest': ["if (!Object.hasOwn(frame, 'manifests') || ", 'if ('],
      'a list of referrers may be a manifest, too': [" || Object.hasOwn(frame, 'layers') || Object.hasOwn(frame, 'config')", ''],
    },
  },
  {
    file: 'lib/verifier/registry/entries.ts',
    tests: ['test/verifier/registry/referrers.test.ts'],
    mistakes: { 'a list may have any number of entries': ['if (cut === undefined) {', 'if (cut === null) {'] },
  },
  {
    file: 'lib/verifier/registry/entries.ts',
    tests: ['test/verifier/registry/hiding.test.ts'],
    mistakes: { 'one entry that cannot be used hides the others': ['if (error instanceof VerifierError) {\n      return error;', 'if (error instanceof VerifierError) {\n      throw error;'] },
  },
  {
    file: 'lib/verifier/registry/select.ts',
    tests: ['test/verifier/registry/content.test.ts'],
    mistakes: { 'a bundle may have any size': ['size > one || (total += size) > all)', '(total += size) > all)'] },
  },
  {
    file: 'lib/verifier/registry/select.ts',
    tests: ['test/verifier/registry/referrers.test.ts'],
    mistakes: { 'all bundles together may have any size': ['size > one || (total += size) > all)', 'size > one)'] },
  },
  {
    file: 'lib/verifier/registry/select.ts',
    tests: ['test/verifier/registry/hiding.test.ts'],
    mistakes: { 'a large piece hides a small one': ['a.descriptor.size - b.descriptor.size || ', 'b.descriptor.size - a.descriptor.size || '] },
  },
  {
    file: 'lib/verifier/registry/client.ts',
    tests: ['test/verifier/registry/content.test.ts'],
    mistakes: { 'an artifact of another image counts': ['manifest.subject === digest ? manifest.layers', 'manifest.subject !== digest.slice(1) ? manifest.layers'] },
  },
  {
    file: 'lib/verifier/registry/client.ts',
    tests: ['test/verifier/registry/referrers.test.ts'],
    mistakes: {
      'any status is an empty list': ['if (status !== 200) {', 'if (status === 500) {'],
      'any number of artifacts is read': ['if (count > this.limits.referrers) {', 'if (count > Infinity) {'],
      'pages never end': ['if (pages.length >= this.limits.pages) {', 'if (pages.length >= Infinity) {'],
      'the next page may be of another registry': ['next.origin !== url.origin || ', ''],
      'the next page may be of another list': [' || next.pathname !== url.pathname', ''],
      'only the first page is read': ['url = nextPage(answer);', 'url = undefined;'],
      'a later page may be missing': ['if (pages.length === 0 && answer.status === 404) {', 'if (answer.status === 404) {'],
      'all pages together may have any size': ['      left -= body.length;\n', ''],
      'the fallback tag is not read where the API knows of nothing': ['joinListings([all, await this.fallbackTag(reference, digest, deadline)])', 'all'],
      'the fallback tag is not read where there is no API': ['answer.status === 404) {\n        return this.fallbackTag(reference, digest, deadline);', 'answer.status === 404) {\n        return joinListings([]);'],
      'an outage is a piece of broken evidence': ["if (error instanceof VerifierError && (error.code === 'MALFORMED' || error.code === 'LIMIT' || error.code === 'UNSUPPORTED')) {", 'if (error instanceof VerifierError) {'],
      'broken evidence hides the good one': ["if (error instanceof VerifierError && (error.code === 'MALFORMED' || error.code === 'LIMIT' || error.code === 'UNSUPPORTED')) {", "if (error === '') {"],
    },
  },
  {
    file: 'lib/verifier/registry/session.ts',
    tests: ['test/verifier/registry/redirects.test.ts'],
    mistakes: { 'a redirect is sent what the registry was sent': ['await this.transport.send({ url: target, headers: { accept }, ...size }, deadline)', 'await this.transport.send({ url: target, headers: { accept, ...[...this.tokens.values()].map(({ header }) => ({ authorization: header }))[0] }, ...size }, deadline)'] },
  },
  {
    file: 'lib/verifier/registry/session.ts',
    tests: ['test/verifier/registry/authentication.test.ts'],
    mistakes: { 'a registry sends the credential wherever it likes': [' && speaksFor(url.host, this.registry, own.host, this.settings.tokenHost)', ''] },
  },
  {
    file: 'lib/verifier/registry/realm.ts',
    tests: ['test/verifier/registry/authentication.test.ts'],
    mistakes: {
      'another host of the domain speaks for a registry': ['return host === api || ', "return host.split('.').slice(-2).join() === api.split('.').slice(-2).join() || "],
      'the configured host speaks for nobody': ['(configured ?? KNOWN[registry])', 'KNOWN[registry]'],
      'a well-known host speaks for nobody': ['(configured ?? KNOWN[registry])', 'configured'],
    },
  },
  {
    file: 'lib/verifier/registry/older-tag.ts',
    tests: ['test/verifier/registry/referrers.test.ts'],
    only: 'older layout',
    mistakes: {
      'a tag of the older layout may lead to an index as well': ["if (Object.hasOwn(frame, 'manifests')) {", "if (Object.hasOwn(frame, '')) {"],
    },
  },
  {
    file: 'lib/verifier/registry/manifest.ts',
    tests: ['test/verifier/registry/referrers.test.ts'],
    only: 'older layout',
    mistakes: {
      'signatures of the same bytes are one': ["annotations === undefined ? '' : JSON.stringify(annotations)", "''"],
      'an annotation may be anything': ["if (typeof text !== 'string') {\n      throw", "if (text === '') {\n      throw"],
    },
  },
  {
    file: 'lib/verifier/registry/select.ts',
    tests: ['test/verifier/registry/referrers.test.ts'],
    only: 'older layout',
    mistakes: {
      'any number of pieces is read': ['index >= count || ', ''],
    },
  },
  {
    file: 'lib/verifier/registry/client.ts',
    tests: ['test/verifier/registry/referrers.test.ts'],
    only: 'older layout',
    mistakes: {
      'signatures of the same bytes share them': ['bytes: known === undefined ? await bytes : new Uint8Array(await bytes)', 'bytes: await bytes'],
      'the same bytes are asked for each time': ['const known = blobs.get(`${digest} ${size}`);', "const known = blobs.get('');"],
    },
  },
  {
    file: 'lib/verifier/registry/session.ts',
    tests: ['test/verifier/registry/authentication.test.ts'],
    only: 'where a password comes from',
    mistakes: {
      'nobody is told that a credential is not taken': ['    given?.refused?.();\n', ''],
      'who may not read is taken': ['outcome.status === 401 || outcome.status === 403', 'outcome.status === 401'],
    },
  },
];
