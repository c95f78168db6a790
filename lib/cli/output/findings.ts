import pc from 'picocolors';
import { Finding, INVALID_DOCUMENT, RULES } from '../../refusals';
import { AMBIGUOUS_YAML } from '../manifests/ambiguities';
import { printable } from './printable';

/** What was found in the files that could be judged, and which could not. */
export interface LintResult {
  readonly findings: readonly LocatedFinding[];
  /** Objects that were judged. */
  readonly objects: number;
  readonly unjudged: ReadonlyArray<{ readonly file: string; readonly problem: string }>;
  /** Objects that decide about admission and say nothing of images, so that no rule is about them. */
  readonly unrelated: ReadonlyArray<{ readonly file: string; readonly line: number; readonly object: string }>;
}

/** A finding and where what it is about was read. */
export interface LocatedFinding extends Finding {
  readonly file: string;
  /** Line of the field or, where that is not there, of what is nearest to it. @default - not known: the finding is about what is not there */
  readonly line?: number;
}

export function findingsAsText({ findings, objects, unjudged, unrelated }: LintResult, colour: boolean): string {
  const paint = pc.createColors(colour);
  const scope = `in ${count(objects, 'object')}${unrelated.length === 0 ? '' : `, ${unrelated.length} of them not judged`}${unjudged.length === 0 ? '' : `; ${count(unjudged.length, 'file')} not judged`}`;
  if (findings.length === 0) {
    return `${unjudged.length === 0 ? paint.green('no findings') : 'no findings'} ${scope}\n`;
  }
  const lines = findings.map(({ code, file, line, object, path, message, remedy }) => (
    `${printable(`${file}${line === undefined ? '' : `:${line}`}: ${object}${path === '' ? '' : ` ${path}`}`)}\n  ${paint.red(`[${code}]`)} ${printable(message)}\n  ${remedy}\n`
  ));
  return `${lines.join('')}${count(findings.length, 'finding')} ${scope}\n`;
}

/** `unjudged` is there only where a file could not be judged, and `unrelated` where no rule is about an object: then nothing follows from an empty list of findings. */
export function findingsAsJson({ findings, unjudged, unrelated }: LintResult): string {
  return `${JSON.stringify({ findings, ...(unjudged.length === 0 ? {} : { unjudged }), ...(unrelated.length === 0 ? {} : { unrelated }) }, undefined, 2)}\n`;
}

/** What `validateDocument` finds; each problem says what to do. */
const DOCUMENT_RULE = {
  code: INVALID_DOCUMENT,
  title: 'A policy document cannot be enforced',
  why: 'The verifier refuses to start with a document that is incomplete, unknown to it, or can be read in more than one way.',
  remedy: 'Correct the document as the message says.',
};

/** SARIF 2.1.0, for code scanning; locations name file and line of the field, the logical location names the object and field. */
export function findingsAsSarif({ findings, unjudged, unrelated }: LintResult): string {
  return `${JSON.stringify({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: {
        driver: {
          name: 'proofgate',
          rules: [DOCUMENT_RULE, AMBIGUOUS_YAML, ...RULES].map(({ code, title, why, remedy }) => (
            { id: code, shortDescription: { text: title }, fullDescription: { text: why }, help: { text: remedy } }
          )),
        },
      },
      invocations: [{
        executionSuccessful: unjudged.length === 0,
        toolExecutionNotifications: [
          ...unjudged.map(({ file, problem }) => ({ level: 'error', message: { text: problem }, locations: [{ physicalLocation: at(file) }] })),
          ...unrelated.map(({ file, line, object }) => ({ level: 'note', message: { text: `${object} is not judged, since nothing in it says that it is about images` }, locations: [{ physicalLocation: at(file, line) }] })),
        ],
      }],
      results: findings.map(({ code, file, line, object, path, message, remedy }) => ({
        ruleId: code,
        level: 'error',
        message: { text: `${message} ${remedy}` },
        locations: [{ physicalLocation: at(file, line), logicalLocations: [{ fullyQualifiedName: path === '' ? object : `${object} ${path}` }] }],
      })),
    }],
  }, undefined, 2)}\n`;
}

function at(file: string, line?: number): object {
  return { artifactLocation: { uri: encodeURI(file) }, ...(line === undefined ? {} : { region: { startLine: line } }) };
}

function count(number: number, thing: string): string {
  return `${number} ${number === 1 ? thing : `${thing}s`}`;
}
