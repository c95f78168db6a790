/** What the command line tells those who call it. */
export default [
  {
    file: 'lib/cli/commands/verify.ts',
    tests: ['test/cli/verify.test.ts'],
    mistakes: {
      'a denial ends like an allow': ["outcomes.every((outcome) => outcome === 'allowed') ? EXIT.ok : EXIT.refused", 'EXIT.ok'],
      'one image that may run is enough': ["outcomes.every((outcome) => outcome === 'allowed')", "outcomes.some((outcome) => outcome === 'allowed')"],
      'an allow ends like a denial': ["outcomes.every((outcome) => outcome === 'allowed') ? EXIT.ok : EXIT.refused", 'EXIT.refused'],
      'an image that nobody judges ends like an allow': ["outcome === 'allowed')", "outcome !== 'denied')"],
      'the own namespace of the verifier is judged like any other': ['refuseVerifierNamespace(flags.namespace, policies.namespaces);', 'refuseVerifierNamespace(\'\', policies.namespaces);'],
    },
  },
  {
    file: 'lib/cli/output/verdicts.ts',
    tests: ['test/cli/verify.test.ts'],
    mistakes: {
      'one image that may run makes all allowed': ["['denied', 'uncovered', 'warned', 'allowed'] as const", "['allowed', 'warned', 'uncovered', 'denied'] as const"],
      'what no policy covers is called allowed': ["isUncovered(verdict) ? 'uncovered' : isOnlyWarned", 'isOnlyWarned'],
    },
  },
  {
    file: 'lib/cli/commands/lint.ts',
    tests: ['test/cli/lint.test.ts'],
    mistakes: {
      'findings end like none': ['findings.length === 0 ? EXIT.ok : EXIT.refused', 'EXIT.ok'],
    },
  },
  {
    file: 'lib/cli/commands/synth.ts',
    tests: ['test/cli/synth.test.ts'],
    mistakes: {
      'a named file may be empty': ['if (manifests.length === before) {', 'if (manifests.length === 0) {'],
      'what a folder holds beside is not said': ['(await otherFiles(path))', '(await otherFiles(\'-\'))'],
    },
  },
  {
    file: 'lib/cli/output/write-whole.ts',
    tests: ['test/cli/import.test.ts'],
    mistakes: {
      'what was written before is written over': ['const beside = join(dirname(file), `.${basename(file)}.${process.pid}`);', 'const beside = file;'],
      'a link is replaced': ['const file = named ?? path;', 'const file = path;'],
      'a pipe is replaced': ['(!found.isFile() || named === undefined)', 'named === undefined && found.size < 0'],
      'the link to what has no name is replaced': ['(!found.isFile() || named === undefined)', '!found.isFile()'],
    },
  },
  {
    file: 'lib/cli/synth/enforcement.ts',
    tests: ['test/cli/synth.test.ts'],
    mistakes: { 'files are told what programs are': ['judged.map(forFiles).map(', 'judged.map('] },
  },
  {
    file: 'lib/cli/terminal.ts',
    tests: ['test/cli/synth.test.ts'],
    only: 'a standard output that takes nothing',
    mistakes: { 'an output that is lost ends like any other': ['process.exit(EXIT.failed)', 'process.exit(EXIT.ok)'] },
  },
  {
    file: 'lib/cli/manifests/place-of.ts',
    tests: ['test/cli/lint.test.ts'],
    only: 'of two documents of one name',
    mistakes: {
      'the last object of a name is blamed': ['const wrong = twins.length > 1 ? twins.filter((manifest) => found(manifest, twins).has(key)) : twins;', 'const wrong = twins.slice(-1);'],
      'one of two that are wrong is blamed twice': ['wrong[before] ?? wrong.at(-1)', 'wrong[0]'],
      'a finding is on the line of its object': ['line: fieldLine(manifest, path)', 'line: manifest.line'],
    },
  },
  {
    file: 'lib/cli/manifests/read-manifests.ts',
    tests: ['test/cli/lint.test.ts'],
    mistakes: {
      'what only kubectl sees is passed over': ['  if (misread !== undefined) {', '  if (misread === null) {'],
      'an item that does not say what it is, is nothing': ['unfold(itemOf(value, item), isSeq', 'unfold(item, isSeq'],
    },
  },
  {
    file: 'lib/cli/run.ts',
    tests: ['test/cli/contract.test.ts'],
    mistakes: {
      'the help of a command that there is not is that of the program': ['isUnknown ? [word] : args', 'args'],
      'a wrong argument ends like a denial': ['error.exitCode === 0 ? EXIT.ok : EXIT.failed', 'error.exitCode === 0 ? EXIT.ok : EXIT.refused'],
    },
  },
  {
    file: 'lib/cli/run.ts',
    tests: ['test/cli/verify.test.ts'],
    mistakes: {
      'what cannot run ends like a denial': ['    exit(EXIT.failed);\n', '    exit(EXIT.refused);\n'],
      'what cannot run ends like an allow': ['    exit(EXIT.failed);\n', '    exit(EXIT.ok);\n'],
    },
  },
  {
    file: 'lib/cli/commands/serve.ts',
    tests: ['test/cli/serve.test.ts'],
    mistakes: {
      'the end that was asked for is a failure': ['exit(EXIT.ok)', 'exit(EXIT.failed)'],
      'a certificate without key is enough': ['if (flags.tlsCert === undefined || flags.tlsKey === undefined) {', 'if (flags.tlsCert === null) {'],
      'no certificate is needed': ['if (files === (flags.tls !== undefined)) {', 'if (files === null) {'],
    },
  },
  {
    file: 'lib/cli/arguments.ts',
    tests: ['test/cli/contract.test.ts'],
    mistakes: { 'a namespace may be anything': ['if (!isDnsLabel(text)) {', "if (text === '-') {"] },
  },
  {
    file: 'lib/cli/commands/verify.ts',
    tests: ['test/cli/verify.test.ts'],
    mistakes: { 'the namespace does not matter': ['const namespace = { name: flags.namespace,', "const namespace = { name: 'default',"] },
  },
  {
    file: 'lib/cli/commands/lint.ts',
    tests: ['test/cli/lint.test.ts'],
    mistakes: {
      'what could not be judged ends like findings': ['unjudged.length > 0 ? EXIT.failed : ', ''],
      'that nothing was said about enforcement is not said': ['if (judged.documents && !judged.enforcing) {', 'if (judged === undefined) {'],
      'nothing that enforces has no findings': ['if (!judged.enforcement && !judged.documents && !judged.foreign) {', 'if (judged === undefined) {'],
      'what nobody judged is not said': ['const unrelated = unjudgedAdmission(values)', 'const unrelated = unjudgedAdmission([])'],
    },
  },
  {
    file: 'lib/cli/manifests/read-manifests.ts',
    tests: ['test/cli/lint.test.ts'],
    mistakes: {
      'what is no object has no findings': ['if (odd >= 0) {', 'if (odd > 1e9) {'],
      'only the first object of a file is judged': ['  return manifests;\n', '  return manifests.slice(0, 1);\n'],
      'YAML that is broken has no findings': ['if (error !== undefined) {', 'if (error === null) {'],
    },
  },
];
