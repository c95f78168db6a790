import pc from 'picocolors';
import { stringify } from 'yaml';
import { ImportedDocument, ImportResult } from '../import/policies';
import { printable } from './printable';

/** Documents to be reviewed, each below a line that says where it is from. */
export function documentsAsYaml(documents: readonly ImportedDocument[]): string {
  return documents.map(({ document, object, file, line }) => (
    `# ${printable(`${object}, ${file}:${line}`)}\n${stringify(document, { lineWidth: 0, version: '1.1' })}`
  )).join('---\n');
}

export function importAsJson({ documents, notCarriedOver }: ImportResult): string {
  return `${JSON.stringify({ documents: documents.map(({ document }) => document), notCarriedOver }, undefined, 2)}\n`;
}

/** Everything that no document says, by place; the last line says how many policies were written. */
export function notesAsText({ documents, notCarriedOver, policies }: ImportResult, colour: boolean): string {
  const paint = pc.createColors(colour);
  const lines = notCarriedOver.map(({ object, file, line, path, message, effect }) => (
    `${printable(`${file}:${line}: ${object}${path === '' ? '' : ` ${path}`}`)}\n  ${effect === 'omitted' ? paint.red('[omitted]') : paint.yellow('[stricter]')} ${printable(message)}\n`
  ));
  const written = new Set(documents.map(({ file, line }) => `${file}:${line}`)).size;
  const summary = `${written} of ${count(policies, 'policy', 'policies')} written, as ${count(documents.length, 'document', 'documents')}; ${count(notCarriedOver.length, 'difference', 'differences')} above`;
  return notCarriedOver.length === 0 ? '' : `${lines.join('')}${summary}\n`;
}

function count(number: number, one: string, several: string): string {
  return `${number} ${number === 1 ? one : several}`;
}
