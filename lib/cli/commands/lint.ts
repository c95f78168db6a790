import { Command, Option } from 'commander';
import { judgedIn, lintManifests, objectId, unjudgedAdmission } from '../../refusals';
import { EXIT, ExitCode, UsageError } from '../exit';
import { ambiguitiesIn } from '../manifests/ambiguities';
import { called } from '../manifests/called';
import { findFiles } from '../manifests/find-files';
import { heldTwice } from '../manifests/held-twice';
import { placeIn, placesOf } from '../manifests/place-of';
import { Manifest, readManifests } from '../manifests/read-manifests';
import { Unjudged } from '../manifests/unjudged';
import { findingsAsJson, findingsAsSarif, findingsAsText, LintResult, LocatedFinding } from '../output/findings';
import { printable } from '../output/printable';
import { Terminal } from '../terminal';

interface LintFlags {
  readonly output: 'text' | 'json' | 'sarif';
}

/** `proofgate lint`: the refusal rules over any admission YAML, as one set of objects that is applied together. */
export function lintCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return new Command('lint')
    .description('apply the refusal rules to manifests and policy documents, and to admission objects of others that are about images')
    .argument('<file...>', 'YAML or JSON, or a folder of such files; - for standard input')
    .addOption(new Option('--output <format>', 'how to print the findings').choices(['text', 'json', 'sarif']).default('text'))
    .action(async (paths: string[], flags: LintFlags) => {
      const { manifests, empty, unjudged } = await readAll(paths);
      const say = (line: string): void => void terminal.err.write(`proofgate: ${printable(line)}\n`);
      unjudged.forEach(({ message }) => say(message));
      if (manifests.length === 0) {
        if (unjudged.length === 0) {
          throw new UsageError(`${empty.map(called).join(', ')}: holds no object; name the file that the synthesis wrote`);
        }
        exit(EXIT.failed);
        return;
      }
      empty.forEach((file) => say(`${called(file)}: holds no object, passed over`));
      const values = manifests.map(({ value }) => value);
      const judged = judgedIn(values);
      const unrelated = unjudgedAdmission(values).flatMap((index) => manifests[index] ?? []);
      unrelated.forEach(({ file, line, value }) => say(`${file}:${line}: ${objectId(value)}: not judged, since nothing in it says that it is about images`));
      if (!judged.enforcement && !judged.documents && !judged.foreign) {
        throw new UsageError(`${paths.map(called).join(', ')}: nothing here is a policy or enforces one, so no rule could judge it; name what the synthesis wrote`);
      }
      // Of what others wrote nobody expects a policy document.
      if (judged.own && !judged.documents) {
        say('no policy is among the files: what enforces it was judged as for one that holds in every namespace; name all files to have them judged together');
      }
      if (judged.documents && !judged.enforcing) {
        say('nothing that enforces is among the files: the policies were judged, and not whether anybody asks about them; name all files to have them judged together');
      }
      const { findings, filesInCommon } = heldTwice(judge(manifests), manifests);
      filesInCommon.forEach(say);
      const result: LintResult = {
        findings, objects: manifests.length, unjudged: unjudged.map(({ file, problem }) => ({ file, problem })),
        unrelated: unrelated.map(({ file, line, value }) => ({ file, line, object: objectId(value) })),
      };
      const print = { text: () => findingsAsText(result, terminal.colour), json: () => findingsAsJson(result), sarif: () => findingsAsSarif(result) };
      terminal.out.write(print[flags.output]());
      exit(unjudged.length > 0 ? EXIT.failed : result.findings.length === 0 ? EXIT.ok : EXIT.refused);
    });
}

interface ReadFiles {
  readonly manifests: readonly Manifest[];
  /** Files without any object. */
  readonly empty: readonly string[];
  readonly unjudged: readonly Unjudged[];
}

async function readAll(paths: readonly string[]): Promise<ReadFiles> {
  const read = { manifests: [] as Manifest[], empty: [] as string[], unjudged: [] as Unjudged[] };
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Unjudged)) {
        throw error;
      }
      read.unjudged.push(error);
    }
  };
  for (const path of paths) {
    await attempt(async () => {
      for (const file of await findFiles(path)) {
        await attempt(async () => {
          const manifests = await readManifests(file);
          read.manifests.push(...manifests);
          read.empty.push(...(manifests.length === 0 ? [file] : []));
        });
      }
    });
  }
  return read;
}

function judge(manifests: readonly Manifest[]): LocatedFinding[] {
  const now = Date.now();
  const judged = lintManifests(manifests.map(({ value }) => value), now);
  const places = placesOf(judged, manifests, now);
  return [
    ...manifests.flatMap((manifest) => ambiguitiesIn(manifest.node, objectId(manifest.value)).map((finding) => ({ ...finding, ...placeIn(manifest, finding.path) }))),
    ...judged.map((finding, index) => ({ ...finding, ...places[index] ?? { file: '-' } })),
  ];
}
