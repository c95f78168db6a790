import { Reason, REASONS } from '../decide/reason';
import { selected } from '../explain/scope';
import { PolicyDocument } from '../policy/document';
import { DEFAULT_NAMESPACES } from '../policy/namespaces';
import { Admission, ImageReason } from './admission';
import { ImageEvidence } from './evidence';
import { EvidenceOfImages } from './evidence-of-images';
import { Paint } from './paint';

/** Lines of a table with a name in front of each. */
type Row = readonly [name: string, text: string];

/** Everything that a message about a workload says below its first line. */
export function describeAdmission({ outcome, reasons, verdicts, warnings }: Admission, evidence: EvidenceOfImages, paint: Paint): string {
  const parts = outcome === 'refused'
    ? reasons.map((reason) => reasonRows(reason, paint))
    : [...verdicts.map(({ image, proof }): Row[] => [['image', image], ...proof.map((entry): Row => ['proof', proofText(entry)])]), ...warnings.map((warning) => reasonRows(warning, paint))];
  return [...parts, evidenceRows(evidence)].map(table).join('\n\n');
}

/** Where policies hold, for somebody who has missed all of them. */
export function describeCoverage(documents: readonly PolicyDocument[], paint: Paint): string {
  const policies = documents.flatMap((document) => (document.kind === 'ImagePolicy' ? [document] : []));
  return table(policies.map(({ metadata: { name }, spec: { namespaces = DEFAULT_NAMESPACES } }): Row => [`policy ${name}`, `holds in ${paint.expected(selected(namespaces))}`]));
}

function reasonRows({ code, message, policy, requirement, attestor, image }: ImageReason, paint: Paint): Row[] {
  const { expected, found } = sides({ code, message });
  const where = [policy, requirement, attestor === undefined ? undefined : `by ${attestor}`].filter((part) => part !== undefined).join(', ');
  return [
    ...(image === '' ? [] : [['image', image] as const]),
    ...(where === '' ? [] : [['policy', where] as const]),
    ...(expected === '' ? [] : [['expected', paint.expected(expected)] as const]),
    ['found', paint.found(found)],
    ['code', `${code}: ${REASONS[code].means}`],
  ];
}

/** A reason's message has both sides in one line: what was expected, and what was found. */
function sides({ message }: Reason): { expected: string; found: string } {
  const [, expected = '', found = message] = /^expected (.*?)[,;] found (.*)$/s.exec(message) ?? [];
  return { expected, found };
}

function proofText(proof: Admission['verdicts'][number]['proof'][number]): string {
  switch (proof.type) {
    case 'requirement': return `${proof.policy}, ${proof.requirement}: ${proof.attestor} vouches`;
    case 'exemption': return `exempted by ${proof.exemption} until ${proof.until}`;
    case 'uncovered': return `no policy covers ${proof.namespace}`;
    case 'observed': return `only policies in their audit window cover ${proof.namespace}`;
    case 'unchanged': return 'unchanged';
  }
}

function evidenceRows(evidence: EvidenceOfImages): Row[] {
  const lists: ReadonlyArray<readonly [string, ImageEvidence]> = evidence instanceof ImageEvidence ? [['', evidence]] : Object.entries(evidence);
  const rows = lists.flatMap(([image, lies]) => lies._describe().map((words): Row => ['evidence', image === '' ? words : `${image}: ${words}`]));
  return rows.length === 0 ? [['evidence', 'none']] : rows;
}

function table(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`).join('\n');
}
