import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import { Command, Option } from 'commander';
import { parseAllDocuments } from 'yaml';
import { judgeManifests } from '../../refusals';
import { EXIT, ExitCode, UsageError } from '../exit';
import { findingsAsJson, findingsAsSarif, findingsAsText, LocatedFinding } from '../output/findings';
import { Terminal } from '../terminal';

interface LintFlags {
  readonly output: 'text' | 'json' | 'sarif';
}

/** `proofgate lint`: the refusal rules over any admission YAML, as one set of objects that is applied together. */
export function lintCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return new Command('lint')
    .description('apply the refusal rules to manifests and policy documents')
    .argument('<file...>', 'YAML or JSON; - for standard input')
    .addOption(new Option('--output <format>', 'how to print the findings').choices(['text', 'json', 'sarif']).default('text'))
    .action(async (files: string[], flags: LintFlags) => {
      const objects: unknown[] = [];
      const fileOf = new Map<string, string>();
      for (const file of files) {
        for (const object of await readObjects(file)) {
          objects.push(object);
          fileOf.set(nameOf(object), file);
        }
      }
      const findings = judgeManifests(objects, Date.now()).map((finding): LocatedFinding => ({ ...finding, file: fileOf.get(finding.object) ?? files[0] ?? '-' }));
      const print = { text: () => findingsAsText(findings, objects.length, terminal.colour), json: () => findingsAsJson(findings), sarif: () => findingsAsSarif(findings) };
      terminal.out.write(print[flags.output]());
      exit(findings.length === 0 ? EXIT.ok : EXIT.refused);
    });
}

/** @throws UsageError when the file cannot be read, is not YAML, or holds nothing: an empty file proves nothing */
async function readObjects(file: string): Promise<unknown[]> {
  let text: string;
  try {
    text = file === '-' ? await textOf(process.stdin) : await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file}: cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
  const objects: unknown[] = [];
  for (const document of parseAllDocuments(text, { uniqueKeys: true, prettyErrors: true })) {
    const error = document.errors[0];
    if (error !== undefined) {
      throw new UsageError(`${file}: ${error.message.split('\n')[0] ?? error.code}`);
    }
    const value = valueOf(document, file);
    objects.push(...(isList(value) ? value.items : value === null ? [] : [value]));
  }
  const odd = objects.findIndex((object) => !isObject(object));
  if (odd >= 0) {
    throw new UsageError(`${file}: document ${odd + 1} is no Kubernetes object: apiVersion and kind are missing, so no rule could judge it`);
  }
  if (objects.length === 0) {
    throw new UsageError(`${file}: holds no object; name the file that the synthesis wrote`);
  }
  return objects;
}

/** @throws UsageError for an alias without its anchor, or too many of them */
function valueOf(document: ReturnType<typeof parseAllDocuments>[number], file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function isObject(value: unknown): boolean {
  const { apiVersion, kind } = Object(value) as { apiVersion?: unknown; kind?: unknown };
  return typeof apiVersion === 'string' && typeof kind === 'string';
}

function isList(value: unknown): value is { items: unknown[] } {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'List' && 'items' in value && Array.isArray(value.items);
}

/** The form in which a finding names its object. */
function nameOf(object: unknown): string {
  const { kind, metadata } = Object(object) as { kind?: unknown; metadata?: unknown };
  const { name, namespace } = Object(metadata) as { name?: unknown; namespace?: unknown };
  const place = typeof namespace === 'string' ? `${namespace}/` : '';
  return `${String(kind)} ${place}${String(name)}`;
}
