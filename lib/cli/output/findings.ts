import pc from 'picocolors';
import { Finding, INVALID_DOCUMENT, RULES } from '../../refusals';

/** A finding and the file its object was read from. */
export interface LocatedFinding extends Finding {
  readonly file: string;
}

export function findingsAsText(findings: readonly LocatedFinding[], objects: number, colour: boolean): string {
  const paint = pc.createColors(colour);
  if (findings.length === 0) {
    return `${paint.green('no findings')} in ${objects} ${objects === 1 ? 'object' : 'objects'}\n`;
  }
  const lines = findings.map(({ code, file, object, path, message, remedy }) => `${file}: ${object}${path === '' ? '' : ` ${path}`}\n  ${paint.red(`[${code}]`)} ${message}\n  ${remedy}\n`);
  return `${lines.join('')}${findings.length} ${findings.length === 1 ? 'finding' : 'findings'} in ${objects} ${objects === 1 ? 'object' : 'objects'}\n`;
}

export function findingsAsJson(findings: readonly LocatedFinding[]): string {
  return `${JSON.stringify({ findings }, undefined, 2)}\n`;
}

/** What `validateDocument` finds; each problem says what to do. */
const DOCUMENT_RULE = {
  code: INVALID_DOCUMENT,
  title: 'A policy document cannot be enforced',
  why: 'The verifier refuses to start with a document that is incomplete, unknown to it, or can be read in more than one way.',
  remedy: 'Correct the document as the message says.',
};

/** SARIF 2.1.0, for code scanning; locations name the file, the logical location names the object and field. */
export function findingsAsSarif(findings: readonly LocatedFinding[]): string {
  return `${JSON.stringify({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: {
        driver: {
          name: 'proofgate',
          rules: [DOCUMENT_RULE, ...RULES].map(({ code, title, why, remedy }) => (
            { id: code, shortDescription: { text: title }, fullDescription: { text: why }, help: { text: remedy } }
          )),
        },
      },
      results: findings.map(({ code, file, object, path, message, remedy }) => ({
        ruleId: code,
        level: 'error',
        message: { text: `${message} ${remedy}` },
        locations: [{ physicalLocation: { artifactLocation: { uri: encodeURI(file) } }, logicalLocations: [{ fullyQualifiedName: path === '' ? object : `${object} ${path}` }] }],
      })),
    }],
  }, undefined, 2)}\n`;
}
