/** What policies of other engines become: never something that admits more, and nothing is left out in silence. */
export default [
  {
    file: 'lib/cli/import/part.ts',
    tests: ['test/cli/import.test.ts'],
    mistakes: {
      'a field that nobody knows is passed over': ['!inert.includes(name)) {', '!inert.includes(name) && name === \'\') {'],
      'alternatives are left out in silence': ['        part.notes.push({ path: error.path, message: error.problem, ...mark });\n', ''],
    },
  },
  {
    file: 'lib/cli/import/image-patterns.ts',
    tests: ['test/cli/import.test.ts'],
    mistakes: {
      'a star of Kyverno stops at a slash': ["globs === 'kyverno' ? segment.includes('*')", "globs === 'kyverno' ? segment.includes('**')"],
      'a pattern for some tags is one for all': ["text.includes('/') && last.includes(':')", "text === ''"],
      'of what begins like a name only that depth is judged': ['return [above, `${above}/**`];', 'return [above];'],
    },
  },
  {
    file: 'lib/cli/import/voters.ts',
    tests: ['test/cli/import.test.ts'],
    mistakes: {
      'a regular expression is taken for a text': ["if (!pattern.absent && pattern.value !== '') {", "if (pattern.value === '') {"],
      'the log of a company is taken for the public one': ["text !== '' && text !== REKOR", "text === '?'"],
      'what would be refused as an attestor is not asked': ['  if (problem !== undefined) {', "  if (problem === '') {"],
    },
  },
  {
    file: 'lib/cli/import/cluster-policy.ts',
    tests: ['test/cli/import.test.ts'],
    mistakes: {
      'audit mode is not said': ["!== 'enforce') {", "=== '?') {"],
      'of several who have to vouch those that can be written are enough': ['kept.length + missed : Number', 'kept.length : Number'],
      'conditions are dropped': ['if (!fields.conditions.absent) {', 'if (fields.conditions.value === 0) {'],
      'an attestation that anybody may sign is none': ['  if (sets.length === 0) {', '  if (sets.length < 0) {'],
    },
  },
  {
    file: 'lib/cli/import/image-validating-policy.ts',
    tests: ['test/cli/import.test.ts'],
    mistakes: {
      'changes that are not asked about are not said': ['unasked.length > 0', 'unasked.length > 2'],
      'changes of workloads are taken for those of Pods': ["['pods', '*', '*/*'].includes(resource)", "resource !== ''"],
      'images that nobody names are refused in silence': ["    noteUnnamed(root.at('spec'));\n", ''],
      'more than one is one': ["(operator === '>' ? 1 : 0)", "(operator === '>' ? 0 : 0)"],
      'fewer than are demanded are enough': ['if (kept.length < threshold) {', 'if (kept.length < 0) {'],
      'any variable will do': ['\\.all\\((\\w+),\\4(>=?)', '\\.all\\((\\w+),\\w+(>=?)'],
    },
  },
  {
    file: 'lib/cli/import/cluster-image-policy.ts',
    tests: ['test/cli/import.test.ts'],
    mistakes: {
      'an authority that always passes is one with a key': ["  refuseOther(others.static, 'decides", "  refuseOther(others.rfc3161timestamp, 'decides"],
      'alternatives of different demands are those of the first': ['if (!alike || (others', 'if ((others'],
      'a program in CUE is dropped': ["    refuseOther(policy, 'is a program", "    refuseOther(match.at('none'), 'is a program"],
      'the documents hold in every namespace': ['namespaces: { labels: INCLUDED },', ''],
    },
  },
  {
    file: 'lib/cli/import/policies.ts',
    tests: ['test/cli/import.test.ts'],
    mistakes: {
      'a document that lint would refuse is written': ['document !== undefined && problem === undefined', 'document !== undefined'],
      'images that are in no document are said to be judged more strictly': ['written && note.omits === undefined', 'written'],
      'what is none of what is read is passed over': ["      say('omitted', { path: '', message: `is none of", "      void ({ path: '', message: `is none of"],
    },
  },
  {
    file: 'lib/cli/commands/import.ts',
    tests: ['test/cli/import.test.ts'],
    mistakes: {
      'something left out ends like nothing': ['result.notCarriedOver.length === 0 ? EXIT.ok : EXIT.refused', 'EXIT.ok'],
    },
  },
];
