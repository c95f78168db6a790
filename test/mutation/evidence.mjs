/** What evidence is about: index and images, repositories, and how much of it is looked at. */
export default [
  {
    file: 'lib/decide/multi-platform.ts',
    tests: ['test/verifier/judge/multi-platform.test.ts'],
    mistakes: {
      'an index speaks for its images under every rule': ["if (multiPlatform === undefined || content.status === 'manifest') {", "if (multiPlatform !== 'either' || content.status === 'manifest') {"],
      'the index does where every image should': ["if (multiPlatform === 'child') {", 'if (multiPlatform === undefined) {'],
      'an index of nothing is proven': ['if (children.length === 0) {', 'if (children.length < 0) {'],
      'one image is enough': ['const outcomes = children.map((child)', 'const outcomes = children.slice(0, 1).map((child)'],
      'evidence of an image is compared with the index': ['judgeRequirement({ ...input, digest, pieces })', 'judgeRequirement({ ...input, pieces })'],
      'deny lists do not reach into an index': ['list === undefined ? judgeRequirement(', 'list === null || list !== null ? judgeRequirement('],
      'the images are never asked where the index does not do': ["outcome.reasons.length === 0 || content.status === 'unread'", "outcome.reasons.length >= 0 || content.status === 'unread'"],
      'no image is named in the proof': ['proof: proof.map((vouched) => ({ ...vouched, child }))', 'proof'],
    },
  },
  {
    file: 'lib/verifier/registry/image-index.ts',
    tests: ['test/verifier/judge/multi-platform.test.ts'],
    mistakes: {
      'half of an unknown platform is left out': ["os === 'unknown' && architecture === 'unknown'", "os === 'unknown'"],
      'an unknown architecture is left out': ["os === 'unknown' && architecture === 'unknown'", "architecture === 'unknown'"],
      'further members do not matter': ['platform !== null && Object.keys(platform).length === 2 && ', 'platform !== null && '],
      'capitals do not matter': ["&& os === 'unknown' && architecture === 'unknown'", "&& String(os).toLowerCase() === 'unknown' && String(architecture).toLowerCase() === 'unknown'"],
      'members of a document may have twins': ['  checkNames(frame, DOCUMENT, where);\n', ''],
      'members of an entry may have twins': ['  checkNames(entry, ENTRY, where);\n', ''],
      'members of a platform may have twins': ['  checkNames(platform ?? {}, PLATFORM, where);\n', ''],
      'a long s is no s': [".replace(/\\u017f/g, 's')", ''],
      'an index may be a manifest as well': ["if (isIndex === (Object.hasOwn(frame, 'layers') || Object.hasOwn(frame, 'config'))) {", "if (!isIndex && !Object.hasOwn(frame, 'layers')) {"],
      'a config makes no manifest': [" || Object.hasOwn(frame, 'config')", ''],
      'a document may say that it is something else': ['if (mediaType !== undefined && !(', 'if (mediaType === null && !('],
      'what is neither image nor index does not count': ['if (!MANIFEST_TYPES.includes(descriptor.mediaType)) {', 'if (!MANIFEST_TYPES.includes(descriptor.mediaType)) {\n    return ATTESTATION;'],
    },
  },
  {
    file: 'lib/verifier/registry/images-below.ts',
    tests: ['test/verifier/judge/multi-platform.test.ts'],
    mistakes: {
      'any depth is read': ['depth >= nesting && ', 'depth < 0 && '],
      'any number of images is read': ['seen.size > platforms || ', ''],
      'what is named twice is read twice': ['const entries = distinct(level)', 'const entries = [...level]'],
      'images in inner indexes are forgotten': ['found.get(digest) ?? { digest, platform })', 'depth > 1 ? { ...[...found.values()][0]! } : { digest, platform })'],
    },
  },
  {
    file: 'lib/verifier/registry/client.ts',
    tests: ['test/verifier/judge/multi-platform.test.ts'],
    mistakes: {
      'an entry may lie about what it leads to': ['if ((entries !== undefined) !== entry.isIndex) {', 'if (entries === null) {'],
      'an entry may lie about the size': ['    await checkContent(body, entry, where);\n    const entries', '    const entries'],
      'an image that is not there does not count': ["throw new VerifierError('IMAGE_NOT_FOUND', `${where} is in the index", "return [];\n      throw new VerifierError('IMAGE_NOT_FOUND', `${where} is in the index"],
    },
  },
  {
    file: 'lib/verifier/judge/image-judge.ts',
    tests: ['test/verifier/judge/multi-platform.test.ts'],
    mistakes: {
      'what an index holds is always looked at': ["if (inside.includes('always')) {", 'if (inside.length > 0) {'],
      'what an index holds is looked at though the index does': [' && !isSettled(answer)) {', ') {'],
    },
  },
  {
    file: 'lib/verifier/judge/gathered-image.ts',
    tests: ['test/verifier/judge/multi-platform.test.ts'],
    mistakes: {
      'evidence of one image counts for the next': ['pieces[index] ?? []', 'pieces.flat()'],
      'an image that nobody told of has nothing': ['        this.silent[part].push(report);\n', ''],
    },
  },
  {
    file: 'lib/verifier/judge/evidence-source.ts',
    tests: ['test/verifier/judge/multi-platform.test.ts'],
    mistakes: { 'evidence of many images has no limit': ['          room?.take(bundles);\n', ''] },
  },
  {
    file: 'lib/policy/check-requirement.ts',
    tests: ['test/verifier/judge/multi-platform.test.ts'],
    mistakes: { 'an older scan of the index hides a newer one': ["if (multiPlatform === 'either' && ", 'if (multiPlatform === undefined && '] },
  },
  {
    file: 'lib/decide/repository.ts',
    tests: ['test/decide/repository.test.ts'],
    mistakes: {
      'any repository will do': ['named.name === repository && ', ''],
      'another digest beside the name does not matter': [' && (named.digest === undefined || named.digest === digest)', ''],
      'a name needs no registry': ['if (!isRegistryHost(', 'if (name === "" && !isRegistryHost('],
      'what another subject is called counts': ['subjects.filter((subject) => isExactly(subject.digest, digest))', 'subjects'],
    },
  },
  {
    file: 'lib/decide/requirement.ts',
    tests: ['test/decide/repository.test.ts'],
    mistakes: { 'the repository is never looked at': ["requirement.repository === 'required' ? [repositoryCheck] : []", 'requirement.repository === undefined ? [] : []'] },
  },
  {
    file: 'lib/verifier/sigstore/simple-signing.ts',
    tests: ['test/verifier/judge/repository.test.ts'],
    mistakes: { 'the repository of simple signing is forgotten': ['subjects: [{ name, digest', 'subjects: [{ digest'] },
  },
  {
    file: 'lib/verifier/sigstore/portions.ts',
    tests: ['test/verifier/judge/strangers.test.ts'],
    only: 'genuine ones of strangers',
    mistakes: {
      'every stranger is checked': ['bundles.filter((bundle) => this.thorough.has(bundle)).length', 'bundles.length'],
      'no stranger is checked': ['this.rest.slice(0, THOROUGH)', 'this.rest.slice(0, 0)'],
    },
  },
  {
    file: 'lib/verifier/sigstore/verify-bundle.ts',
    tests: ['test/verifier/judge/strangers.test.ts'],
    only: 'only for whom it names',
    mistakes: {
      'who names the first attestor is checked alone': ['!only.some((attestor)', '!only.slice(0, 1).some((attestor)'],
      'who names nobody is checked': ['if (only !== undefined && !only.some(', 'if (only === null && !only.some('],
    },
  },
  {
    file: 'lib/decide/plan.ts',
    tests: ['test/decide/plan.test.ts'],
    mistakes: { 'of attestors with one anchor one is asked for': ['[canonicalJson(attestor), attestor] as const', '[`${attestor.type} ${attestor.trustRoot}`, attestor] as const'] },
  },
  {
    file: 'lib/decide/identity.ts',
    tests: ['test/verifier/judge/strangers.test.ts'],
    only: 'only for whom it names',
    mistakes: { 'whoever has a certificate could be anybody': ['{ fact: { signer, times: [] } }).shortfall === undefined', '{ fact: { signer, times: [] } }).held.length >= 0'] },
  },
];
