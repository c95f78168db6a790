import pc from 'picocolors';
import { ImageExplanation } from '../../explain';
import { EngineId, ENGINES } from '../../refusals';
import { printable } from './printable';

/** What the documents of one engine say. */
export interface EngineExplanation {
  /** Absent for documents alone, which nothing among the files enforces. */
  readonly engine?: EngineId;
  readonly outline: string;
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
  return `${JSON.stringify({ image, namespace, engines: engines.map(({ engine, outline, image: said }) => ({ engine: engine ?? null, ...(said === undefined ? { outline } : said) })) }, undefined, 2)}\n`;
}

/** For people: one block for each engine. */
export function explanationAsText({ image, namespace, engines }: Explained, colour: boolean): string {
  const paint = pc.createColors(colour);
  const heading = image === undefined ? [] : [`${paint.bold(printable(image))} in ${paint.bold(printable(namespace ?? ''))}`];
  return [...heading, ...engines.map((one) => engineAsText(one, paint))].join('\n\n').replace(/\n*$/, '\n');
}

function engineAsText({ engine, outline, image }: EngineExplanation, paint: ReturnType<typeof pc.createColors>): string {
  const who = engine === undefined ? paint.yellow('nothing among the files enforces these documents') : `asked: ${ENGINES[engine].title}`;
  if (image === undefined) {
    return `${who}\n\n${outline}`;
  }
  return [who, `  ${shade(image.answer, paint)(image.says)}`, ...whenDown(engine, image), ...(image.outline === '' ? [] : ['', image.outline])].join('\n');
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
