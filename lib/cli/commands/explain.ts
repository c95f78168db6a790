import { Command, Option } from 'commander';
import { explainByLabel, explainByName, explainImage, outlineByName, outlineOf } from '../../explain';
import { formatReference, ImageReference, ImageReferenceError, parseReference } from '../../kubernetes/reference';
import { PolicyDocument } from '../../policy/document';
import { documentsIn, EngineId, engineOf, floorsOf } from '../../refusals';
import { collect, Label, labelsOf, parseNamespace, parseNamespaceLabel, refuseVerifierNamespace } from '../arguments';
import { EXIT, ExitCode, UsageError } from '../exit';
import { called } from '../manifests/called';
import { readAll } from '../manifests/read-all';
import { EngineExplanation, explanationAsJson, explanationAsText } from '../output/explanation';
import { Terminal } from '../terminal';

interface ExplainFlags {
  readonly image?: string;
  readonly namespace: string;
  readonly namespaceLabel?: Label[];
  readonly output: 'text' | 'json';
}

/** `proofgate explain`: what policies mean, as a whole or for one image in one namespace; nothing is fetched and nothing is verified. */
export function explainCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return new Command('explain')
    .description('say what policies demand, who is asked, and what happens without an answer')
    .argument('<file...>', 'policy documents or synthesized manifests, or a folder of such files; - for standard input')
    .option('--image <reference>', 'explain only what decides about this image')
    .option('--namespace <name>', 'namespace that the image is meant for', parseNamespace, 'default')
    .option('--namespace-label <key=value>', 'a label of that namespace, for policies that select by label; may be repeated', collect(parseNamespaceLabel))
    .addOption(new Option('--output <format>', 'how to print it').choices(['text', 'json']).default('text'))
    .action(async (paths: string[], flags: ExplainFlags, command: Command) => {
      const lost = (['namespace', 'namespaceLabel'] as const).find((option) => flags.image === undefined && command.getOptionValueSource(option) === 'cli');
      if (lost !== undefined) {
        throw new UsageError(`${lost === 'namespace' ? '--namespace' : '--namespace-label'} goes with --image: what policies demand as a whole is told for every namespace`);
      }
      const reference = flags.image === undefined ? undefined : referenceOf(flags.image);
      const labels = labelsOf(flags.namespace, flags.namespaceLabel);
      const namespace = { name: flags.namespace, ...(labels === undefined ? {} : { labels }) };
      const { byEngine, own, floors } = await readDocuments(paths);
      refuseVerifierNamespace(reference === undefined ? '' : flags.namespace, own);
      const engines = [...byEngine].map(([engine, documents]): EngineExplanation => ({
        ...(engine === undefined ? {} : { engine }),
        ...(engine === 'webhook' && floors.length > 0 ? { floors } : {}),
        outline: (engine === 'native' ? outlineByName : outlineOf)(documents),
        documents,
        ...(reference === undefined ? {} : { image: explanationBy(engine)(documents, reference, namespace, Date.now()) }),
      }));
      if (engines.some(({ image }) => image?.answer === 'labels-needed')) {
        terminal.err.write(`proofgate: namespaces are selected by label: say which labels ${flags.namespace} has with --namespace-label KEY=VALUE\n`);
      }
      const explained = { engines, ...(reference === undefined ? {} : { image: formatReference(reference), namespace: flags.namespace }) };
      terminal.out.write(flags.output === 'json' ? explanationAsJson(explained) : explanationAsText(explained, terminal.colour));
      exit(EXIT.ok);
    });
}

function explanationBy(engine: EngineId | undefined): typeof explainImage {
  switch (engine) {
    case 'native': return explainByName;
    case 'policy-controller': return explainByLabel;
    default: return explainImage;
  }
}

function referenceOf(text: string): ImageReference {
  try {
    return parseReference(text);
  } catch (error) {
    throw error instanceof ImageReferenceError ? new UsageError(`--image: ${error.message}`) : error;
  }
}

interface Read {
  /** By what enforces them. */
  readonly byEngine: ReadonlyMap<EngineId | undefined, readonly PolicyDocument[]>;
  /** Namespaces of the verifiers themselves. */
  readonly own: readonly string[];
  /** What the API server refuses by beneath them. */
  readonly floors: readonly string[];
}

/** @throws Unjudged for files that cannot be read, UsageError where there is no sound document */
async function readDocuments(paths: readonly string[]): Promise<Read> {
  const { objects, documents, findings: [wrong] } = documentsIn((await readAll(paths)).map(({ value }) => value));
  if (wrong !== undefined) {
    throw new UsageError(`${wrong.object}: ${wrong.path} ${wrong.message}; 'proofgate lint' shows all that is wrong, and where`);
  }
  if (documents.length === 0) {
    throw new UsageError(`${paths.map(called).join(', ')}: holds no policy document; name such, or what the synthesis wrote ('proofgate import' makes documents of policies of other engines)`);
  }
  const twice = documents.find(({ object, document: { kind, metadata: { name } } }, index) => (
    documents.slice(0, index).some(({ object: other, document }) => other !== object && document.kind === kind && document.metadata.name === name)
  ));
  if (twice !== undefined) {
    throw new UsageError(`${twice.document.kind} ${twice.document.metadata.name} stands in two objects of these files; name the files of one App at a time`);
  }
  const byEngine = new Map<EngineId | undefined, PolicyDocument[]>();
  documents.forEach((located) => byEngine.set(engineOf(located), [...byEngine.get(engineOf(located)) ?? [], located.document]));
  return { byEngine, own: documents.filter((located) => engineOf(located) === 'webhook').map(({ source }) => source.namespace), floors: floorsOf({ objects }) };
}
