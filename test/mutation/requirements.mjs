/** What attestations must say: bills of materials, summaries, scans, older provenance, and which of several decides. */
export default [
  {
    file: 'lib/decide/age.ts',
    tests: ['test/decide/scan.test.ts', 'test/decide/summary.test.ts'],
    mistakes: {
      'what it says of itself makes nothing older': ['Math.min(trusted, ...stated.filter((time) => time !== undefined))', 'trusted + 0 * stated.length'],
      'what it says of itself counts alone': ['Math.min(trusted, ...stated', 'Math.min(...stated'],
      'age does not matter': ['return !(now - made <= parseAge(maxAge));', 'return !(now - made <= Infinity * parseAge(maxAge));'],
    },
  },
  {
    file: 'lib/decide/age.ts',
    tests: ['test/decide/scan.test.ts'],
    mistakes: { 'a later stamp makes it younger': ['fact.times[0]', 'fact.times[fact.times.length - 1]'] },
  },
  {
    file: 'lib/decide/newest.ts',
    tests: ['test/decide/scan.test.ts'],
    mistakes: {
      'any one decides': ['trusted === latest || made === latestMade', 'trusted <= latest || made === latestMade'],
      'only trusted time says which is the newest': ['trusted === latest || made === latestMade', 'trusted === latest'],
      'only its own time says which is the newest': ['trusted === latest || made === latestMade', 'made === latestMade'],
    },
  },
  {
    file: 'lib/decide/newest.ts',
    tests: ['test/decide/summary.test.ts'],
    mistakes: { 'what is about something else decides as well': [' || !rule.concerns(candidate.examined)', ''] },
  },
  {
    file: 'lib/decide/predicate-checks.ts',
    tests: ['test/decide/scan.test.ts'],
    mistakes: { 'an older scan hides a newer one': ['checks: scanChecks(checks), newest: newestScan', 'checks: scanChecks(checks)'] },
  },
  {
    file: 'lib/decide/predicate-checks.ts',
    tests: ['test/decide/summary.test.ts'],
    mistakes: { 'an older summary hides a newer one': ['checks: summaryChecks(checks), newest: newestSummary(checks)', 'checks: summaryChecks(checks)'] },
  },
  {
    file: 'lib/decide/requirement.ts',
    tests: ['test/decide/scan.test.ts'],
    mistakes: {
      'one of several newest is enough': ['judged.find(({ vouched }) => vouched.length === 0)', 'judged.find((_, index) => judged.every(({ vouched }) => vouched.length === 0) && index === 0)'],
      'a stranger\'s statement is the newest': ['runChecks(signer, opened.examined).shortfall === undefined ?', 'signer.length > 0 ?'],
      'an older statement of another attestor undoes the newest': [' && (failedAt === -Infinity || failedAt < heldAt)', ''],
      'of two of the same moment the better counts': ['failedAt < heldAt)', 'failedAt <= heldAt)'],
    },
  },
  {
    file: 'lib/decide/severity.ts',
    tests: ['test/decide/scan.test.ts'],
    mistakes: {
      'what is not known is harmless': ["WORDS.get(word.toLowerCase()) ?? 'unknown' : 'unknown'", "WORDS.get(word.toLowerCase()) ?? 'none' : 'none'"],
      'no score is harmless': ["severities.length === 0 ? 'unknown' : 'none'", "'none'"],
      'the best of several scores counts': ['SEVERITIES.indexOf(severity) > SEVERITIES.indexOf(worst) ? severity : worst', 'SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(worst) ? severity : worst'],
      'a number by any method is a rating': ['/^(?:cvss|nvd)/i.test(method) && ', ''],
      'the threshold is allowed to be passed by one': ['SEVERITIES.indexOf(severity) > SEVERITIES.indexOf(allowed)', 'SEVERITIES.indexOf(severity) > SEVERITIES.indexOf(allowed) + 1'],
      'seven is medium': ["score >= 7 ? 'high'", "score > 7 ? 'high'"],
    },
  },
  {
    file: 'lib/decide/scan.ts',
    tests: ['test/decide/scan.test.ts'],
    mistakes: {
      'what is ignored is ignored for ever': ['ignored.filter(({ until }) => !isOver(until, examined.now))', 'ignored'],
      'one that is ignored stands for all': ['isWorse(severity, maxSeverity) && !passedOver.has(id)', 'isWorse(severity, maxSeverity) && (id === "" || passedOver.size === 0)'],
      'a database that does not say how old it is will do': ['return databaseUpdated === undefined\n', 'return databaseUpdated === null\n'],
      'the database is never looked at': ["applies: () => checks.maxDatabaseAge !== ''", 'applies: () => false'],
      'only what can be read decides': ['concerns: () => true', 'concerns: ({ statement }) => readScan(statement) !== undefined'],
    },
  },
  {
    file: 'lib/decide/scan-predicate.ts',
    tests: ['test/decide/scan.test.ts'],
    mistakes: {
      'entries that cannot be read are passed over': ['if (value === undefined) {\n      return undefined;', 'if (value === undefined) {\n      continue;'],
      'one time is enough': ['times.length === 2', 'times.length > 0'],
      'a report of any schema is one': ['schema === 2 && ', ''],
      'a report of two scanners is one of the first': [' && matches === undefined', ''],
      'only the first target counts': ['every(results ?? [],', 'every(Array.isArray(results) ? results.slice(0, 1) : results ?? [],'],
    },
  },
  {
    file: 'lib/decide/summary.ts',
    tests: ['test/decide/summary.test.ts'],
    mistakes: {
      'any verifier will do': ['verifierId === checks.verifierId\n', 'verifierId !== \'\'\n'],
      'any resource will do': ['checks.resourceUris.includes(resourceUri)\n', 'resourceUri !== \'\'\n'],
      'any policy will do': ['policyDigest === checks.policyDigest\n', 'policyDigest !== \'\'\n'],
      'any result will do': ["result === 'PASSED' ?", "result !== '' ?"],
      'one level of several is enough': ['missing.length === 0', 'missing.length < checks.levels.length'],
      'a lower level reaches a higher one': ['Number(level) >= Number(wantedLevel)', 'Number(level) <= Number(wantedLevel)'],
      'a level of another track will do': [' && track === wantedTrack', ''],
      'a policy by several algorithms is one': ['Object.keys(digest).length === 1 && ', ''],
      'levels that are no texts are passed over': ['texts.length === levels.length ?', 'texts.length > 0 ?'],
      'what cannot be read is about something else': ['verifier === undefined || verifier === verifierId', 'verifier === verifierId && readSummary(statement.predicate) !== undefined'],
    },
  },
  {
    file: 'lib/decide/sbom.ts',
    tests: ['test/decide/sbom.test.ts'],
    mistakes: {
      'any CycloneDX version will do': [" && /^1\\.[0-9]+$/.test(text(own(bom, 'specVersion')) ?? '')", ''],
      'any format is CycloneDX': ["own(bom, 'bomFormat') === 'CycloneDX' && ", ''],
      'any version is SPDX': ["/^SPDX-2\\.[0-9]+$/.test(version ?? '')", "(version ?? '') !== ''"],
      'a text of any length is parsed': ['json.length <= LONGEST_TEXT ? ', 'json.length > 0 ? '],
      'the version may stand anywhere': ["find((line) => line.trim() !== '' && !line.startsWith('#'))", "find((line) => line.includes('SPDXVersion:'))?.replace(/^.*SPDXVersion/, 'SPDXVersion')"],
      'a prototype\'s name is a field': ["own(fields(document), 'spdxVersion')", 'fields(document)?.spdxVersion'],
    },
  },
  {
    file: 'lib/decide/slsa-predicate-v02.ts',
    tests: ['test/decide/provenance-v02.test.ts'],
    mistakes: {
      'a body of v1 beside it does not matter': ['\n    || others.some((name) => Object.hasOwn(root, name))', ''],
      'the materials are not looked at': ['isGithub ? agreed(source, run) : run', 'run'],
      'the materials may name another commit': ['commit !== undefined && commit === run.commit ?', 'commit !== undefined ?'],
      'what was run is not looked at': ["workflowOf(run, own(config, 'entryPoint'))", "workflowOf(source, own(config, 'entryPoint'))"],
      'a commit under the name of another algorithm counts': ["own(fields(own(value, 'digest')), 'sha1')", "own(fields(own(value, 'digest')), 'sha1') ?? own(fields(own(value, 'digest')), 'gitCommit')"],
    },
  },
  {
    file: 'lib/decide/slsa-predicate.ts',
    tests: ['test/decide/provenance-v02.test.ts'],
    mistakes: {
      'a body of v0.2 beside it does not matter': ['root === undefined || TOP_LEVEL_V02.some((name) => Object.hasOwn(root, name))', 'root === undefined'],
      'either version is read as what it looks like': ['predicateType === SLSA_PROVENANCE_V02 ? readProvenanceV02(predicate, TOP_LEVEL_V1) : readProvenanceV1(predicate)', 'readProvenanceV1(predicate) ?? readProvenanceV02(predicate, TOP_LEVEL_V1)'],
    },
  },
  {
    file: 'lib/policy/check-predicate.ts',
    tests: ['test/policy/predicate-checks.test.ts'],
    mistakes: {
      'checks go with any predicate type': ['predicateType !== undefined && !readable.includes(predicateType)', "predicateType === ''"],
      'one vulnerability may be ignored twice': ['id !== undefined && seen.has(id)', "id === '' && seen.has(id)"],
      'an ignored vulnerability may be a pattern': ['exactText(parts.id)', 'parts.id.text()'],
    },
  },
  {
    file: 'lib/policy/impossible-age.ts',
    tests: ['test/policy/predicate-checks.test.ts'],
    mistakes: { 'a key without log and time has an age': ["log === 'notRequired' && timestamp !== 'required'", "log === timestamp && timestamp === 'required'"] },
  },
  {
    file: 'lib/refusals/dated.ts',
    tests: ['test/cdk8s/requirements.test.ts'],
    mistakes: { 'an ignored vulnerability may be over': [', ...ignored];', '];'] },
  },
  {
    file: 'lib/policy/cel/condition.ts',
    tests: ['test/policy/cel.test.ts'],
    mistakes: {
      'anything but false is true': ['return result === true ? true', 'return result !== false ? true'],
      'steps are not counted': ['  spend(budget, 1);\n  let value', '  let value'],
      'what is looked at as a whole costs one step': ['    spend(budget, costOf(value));\n', ''],
      'an error costs nothing': ['    spend(budget, ERROR_COST);\n', ''],
      'an expression may be of any length': ['expression.length > CEL_LIMITS.characters', 'expression.length < 0'],
      'an expression may be of any type': ["type !== 'bool' && type !== 'dyn'", "type === ''"],
      'types are not checked': ['if (!valid) {', 'if (type === null) {'],
      'any function may be called': ['if (surveyed.foreign !== undefined) {', 'if (surveyed.foreign === null) {'],
    },
  },
  {
    file: 'lib/policy/cel/cost.ts',
    tests: ['test/policy/cel.test.ts'],
    mistakes: { 'logic forgives that the budget ran out': ['    throw EXHAUSTED;', '    budget.left = 100;\n    throw EXHAUSTED;'] },
  },
  {
    file: 'lib/policy/cel/values.ts',
    tests: ['test/policy/cel.test.ts'],
    mistakes: {
      'objects keep what they inherit': ['new Map(Object.keys(value).map((key) => [key, convert(value[key] as Json, budget, depth + 1)]))', '(value as unknown as ReadonlyMap<string, CelValue>)'],
      'depth does not matter': ['depth > DEEPEST', 'depth < 0'],
      'a text costs nothing': ['return costOfText(value);', 'return 0;'],
    },
  },
  {
    file: 'lib/policy/cel/vocabulary.ts',
    tests: ['test/policy/cel.test.ts'],
    mistakes: {
      'patterns are allowed': ["const METHODS = new Set(['startsWith',", "const METHODS = new Set(['matches', 'startsWith',"],
      'the name predicate may mean something else': ["variable === 'predicate' ?", "variable === '' ?"],
    },
  },
  {
    file: 'lib/decide/predicate-checks.ts',
    tests: ['test/decide/conditions.test.ts'],
    mistakes: { 'conditions are not looked at': [', ...conditionChecks(conditions)] };', '] };'] },
  },
  {
    file: 'lib/decide/conditions.ts',
    tests: ['test/decide/conditions.test.ts'],
    mistakes: { 'what could not be evaluated holds': ['return outcome === true ? undefined', "return outcome === true || outcome.startsWith('it cannot') ? undefined"] },
  },
  {
    file: 'lib/policy/check-condition.ts',
    tests: ['test/policy/predicate-checks.test.ts'],
    mistakes: { 'expressions are not parsed': ['parsed(parts.expression, parseCondition);', ''] },
  },
];
