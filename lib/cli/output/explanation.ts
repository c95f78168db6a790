import pc from 'picocolors';
import { ImageExplanation } from '../../explain';
import { PolicyDocument } from '../../policy/document';
import { EngineId, ENGINES } from '../../refusals';
import { printable } from './printable';

/** What the documents of one engine say. */
export interface EngineExplanation {
  /** Absent for documents alone, which nothing among the files enforces. */
  readonly engine?: EngineId;
  readonly outline: string;
  /** What the outline is made of. */
  readonly documents: readonly PolicyDocument[];
  /** Admission policies of the API server beneath the bundled verifier. @default - there is none */
  readonly floors?: readonly string[];
  /** Where an image was asked about. */
  readonly image?: ImageExplanation;
}

export interface Explained {
  /** The canonical reference, where one was asked about. */
  readonly image?: string;
  readonly namespace?: string;
  readonly engines: readonly EngineExplanation[];
}

export function explanationAsJson({ image, namespace, engines }: Explained): string {
  return `${JSON.stringify({ image, namespace, engines: engines.map(({ engine, floors, outline, documents, image: said }) => ({ engine: engine ?? null, floors, ...(said === undefined ? { outline, documents } : said) })) }, undefined, 2)}\n`;
}

/** For people: one block for each engine. */
export function explanationAsText({ image, namespace, engines }: Explained, colour: boolean): string {
  const paint = pc.createColors(colour);
  const heading = image === undefined ? [] : [`${paint.bold(printable(image))} in ${paint.bold(printable(namespace ?? ''))}`];
  return [...heading, ...engines.map((one) => engineAsText(one, paint))].join('\n\n').replace(/\n*$/, '\n');
}

function engineAsText({ engine, floors, outline, image }: EngineExplanation, paint: ReturnType<typeof pc.createColors>): string {
  const who = engine === undefined ? paint.yellow('nothing among the files enforces these documents') : `asked: ${ENGINES[engine].title}`;
  if (image === undefined) {
    return `${[who, ...beneath(floors)].join('\n')}\n\n${outline}`;
  }
  return [who, `  ${shade(image.answer, paint)(image.says)}`, ...whenDown(engine, image), ...beneath(floors).map((line) => `  ${line}`), ...(image.outline === '' ? [] : ['', image.outline])].join('\n');
}

function shade(answer: ImageExplanation['answer'], { green, red, yellow }: ReturnType<typeof pc.createColors>): (text: string) => string {
  switch (answer) {
    case 'denied': case 'unmatched': return red;
    case 'exempt': case 'observed': case 'not-denied': case 'not-covered': case 'labels-needed': return yellow;
    case 'judged': return green;
  }
}

/** Nobody is asked about documents that nothing enforces, nor beside the API server about those that it evaluates itself. */
function whenDown(engine: EngineId | undefined, { unanswered }: ImageExplanation): string[] {
  if (engine === undefined || engine === 'native') {
    return [];
  }
  return [`  without an answer: ${unanswered === 'unknown' ? engine === 'policy-controller' ? 'refused, where it is asked about the namespace' : 'refused, where an enforced policy selects the namespace' : unanswered}`];
}

/** What goes on refusing beneath the verifier, by name alone. */
function beneath(floors: readonly string[] = []): string[] {
  return floors.length === 0 ? [] : [
    `under it: the API server itself, by ${printable(floors.join(', '))}, also while nobody asks the verifier: `
    + 'where an enforced policy holds it refuses images that no policy or exemption names, digests of deny lists and tags of Pods',
  ];
}
