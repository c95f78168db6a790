import { isManifest, Manifest } from '../engines/manifest';
import { PART_OF, PART_OF_LABEL } from '../kubernetes/labels';
import { objectKey } from '../kubernetes/object-key';
import { PolicyDocument } from '../policy/document';
import { Finding, StandingJudge } from '../refusals';
import { showBoth } from '../refusals/show';
import { Alteration } from './alterations';
import { look, StandingLook } from './look';
import { misread } from './misread';
import { Locate } from './place';
import { describeRefusal, Refusal } from './refusal';

/** Who said a document. */
export interface Brought {
  readonly document: PolicyDocument;
  readonly path: string;
  readonly locate: Locate;
}

/** An enforced object on its way out. */
export interface Judged {
  /** Path of what answers for it. */
  readonly path: string;
  /** Where the program says what the document in it holds, if it holds one. */
  readonly locate?: Locate | undefined;
  /** What said the documents in it, where it holds several. */
  readonly brought?: readonly Brought[];
  /** What the engine rendered. */
  readonly rendered: Manifest;
  /** What would be written. */
  readonly written: unknown;
  /** Where its content was changed where nobody may. @default - nowhere */
  readonly tampered?: string | undefined;
  /** Whether it comes from a cluster, which adds defaults and what it notes about an object; the rules judge those. */
  readonly completed?: boolean;
}

/** What is kept between judgements of a verifier that is looked at again and again, all of whose objects are plain JSON. */
export class StandingJudgement {
  readonly rules = new StandingJudge();
  readonly looks = new StandingLook();
}

/** Judges everything that one verifier would write, by every rule; where no rule says what is wrong with a change, the change itself is. */
export function judgeTogether(objects: readonly Judged[], now: number, standing?: StandingJudgement): Refusal[] {
  // In a cluster the authority was filled in, as it has to be.
  const inCluster = objects.some(({ completed }) => completed);
  const findings = (standing?.rules ?? new StandingJudge()).judge(objects.map((judged) => (isRecognizable(judged) ? judged.written : judged.rendered)), now)
    .filter(({ code }) => !(inCluster && code === 'VERIFIER_AUTHORITY'));
  const byObject = new Map<string, Pick<Judged, 'path' | 'locate'>>([
    ...objects.flatMap(({ brought = [] }) => brought.map((said) => [`${said.document.kind} ${said.document.metadata.name}`, said] as const)),
    ...objects.map((judged) => [idOf(judged), judged] as const),
  ]);
  const named = new Set(findings.map(({ object }) => object));
  return [
    ...distinct(findings.map((finding) => refusalFor(finding, byObject.get(finding.object)))),
    ...objects.filter((judged) => !named.has(idOf(judged))).flatMap((judged) => judgeAlone(judged, standing)),
  ];
}

/** Whether the rules know an object for what it is; what the engine rendered stands in for one that was made unrecognizable, which is said of it. */
function isRecognizable({ rendered, written }: Judged): boolean {
  return isManifest(written) && objectKey(written) === objectKey(rendered) && written.metadata.labels?.[PART_OF_LABEL] === PART_OF;
}

/** Judges whether an object is what the engine rendered, as far as it has to be, and stays it when it is written. */
export function judgeAlone({ path, rendered, written, tampered, completed = false }: Judged, standing?: StandingJudgement): Refusal[] {
  const seen = standing === undefined ? look(rendered, written) : standing.looks.look(rendered, written);
  const changed = seen.altered.filter((alteration) => !(completed && isAddition(alteration))).map(({ field, rendered: before, written: after }): Refusal => ({
    code: 'ALTERED', path, problem: `${place(path, rendered.kind, field) || 'the whole object'}: ${changeOf(before, after)}`, remedy: remedyFor(rendered.kind, field),
  }));
  if (changed.length === 0 && tampered !== undefined) {
    return [{ code: 'ALTERED', path, problem: `${place(path, rendered.kind, tampered)}: this private property was changed`, remedy: remedyFor(rendered.kind, tampered) }];
  }
  return [...changed, ...misread(path, written, seen.misread)];
}

/** Fields for which no property stands, by kind, and the other way to what is mostly wanted of them. */
const OTHER_WAYS: ReadonlyArray<readonly [kind: string, field: RegExp, way: string]> = [
  ['NetworkPolicy', /^spec\.ingress/, 'from where API servers ask, say with apiServers of the WebhookVerifier; let others in with a NetworkPolicy of another name beside it, since they add up: docs/operations.md.'],
  ['NetworkPolicy', /^spec\.egress/, 'open a further port with a NetworkPolicy of another name beside it, since they add up: docs/operations.md.'],
  ['ServiceAccount', /^imagePullSecrets/, 'name the Secrets in a patch of spec.template.spec.imagePullSecrets of the Deployment: docs/operations.md.'],
];

function remedyFor(kind: string, field: string): string {
  const [, , way] = OTHER_WAYS.find(([of, about]) => of === kind && about.test(field)) ?? [];
  return `Leave it as it is; ${way ?? 'say what you need with the properties of the policy or of its WebhookVerifier.'}`;
}

/** A field that was not there; an element of a list is not a field, and no cluster adds one. */
function isAddition({ field, rendered }: Alteration): boolean {
  return rendered === undefined && !/\[\d+\]$/.test(field);
}

/** An object as findings name it. */
function idOf({ rendered: { kind, metadata: { name, namespace } } }: Judged): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

/** A field of a document is called what the program calls it; every other one by its kind and field. */
function refusalFor({ code, object, path: field, message, remedy }: Finding, judged: Pick<Judged, 'path' | 'locate'> | undefined): Refusal {
  const located = field.startsWith('spec.') ? judged?.locate?.(field) : undefined;
  const path = located?.path ?? judged?.path ?? object;
  const where = located?.property ?? place(path, object.slice(0, object.indexOf(' ')), field);
  return { code, path, problem: where === '' ? message : `${where}: ${message}`, remedy };
}

/** What a program says once stands in a document several times, or in several of them. */
function distinct(refusals: readonly Refusal[]): Refusal[] {
  return [...new Map(refusals.map((refusal) => [describeRefusal(refusal), refusal])).values()];
}

/** The kind, unless the path of the construct says it, and the field. */
function place(path: string, kind: string, field: string): string {
  return [...path.endsWith(`/${kind}`) ? [] : [kind], field].filter((part) => part !== '').join(' ');
}

function changeOf(rendered: unknown, written: unknown): string {
  const [before, after] = showBoth(rendered, written);
  return `rendered as ${before}, would be written as ${after}`;
}
