import { refuse, Refusal, refuseAny } from '../authoring/refusal';

/** A chart, which writes a list, or an object, which writes itself. */
export interface Writer {
  readonly node: { readonly path: string };
  toJson(): unknown;
}

/**
 * Has everything that something writes looked at on its way out, until the seal is broken.
 *
 * @returns what breaks the seal
 * @throws RefusedError where `toJson` cannot be redefined, as for a method that is overridden in another language
 */
export function seal(writer: Writer, look: (render: () => unknown) => unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(writer, 'toJson');
  if (before?.configurable === false) {
    refuse([overridden(writer.node.path)]);
  }
  const render = writer.toJson.bind(writer);
  Object.defineProperty(writer, 'toJson', { value: () => look(render), configurable: true });
  return () => {
    delete (writer as Partial<Writer>).toJson;
    if (before !== undefined) {
      Object.defineProperty(writer, 'toJson', before);
    }
  };
}

/** What a chart writes, as a copy that nobody else holds, once it was judged. */
export function judgedCopy(chart: Writer, render: () => unknown, judge: (values: readonly unknown[]) => Refusal[]): unknown[] {
  const written = render();
  if (!Array.isArray(written)) {
    refuse([{
      code: 'OVERRIDDEN',
      path: chart.node.path,
      problem: 'toJson of this chart gives no list',
      remedy: 'Return a list of objects from it, or do not override it.',
    }]);
  }
  const copy = jsonOf(written.filter((value) => value !== undefined)) as unknown[];
  refuseAny(judge(copy));
  return copy;
}

/** A value as JSON holds it, in a copy of its own: what is judged is what is written, whatever a getter answers later. */
export function jsonOf(value: unknown): unknown {
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? undefined : JSON.parse(text) as unknown;
}

/** Where something is overridden in a way that hides what it does. */
export function overridden(path: string): Refusal {
  return {
    code: 'OVERRIDDEN',
    path,
    problem: 'toJson is overridden in a way that cannot be judged',
    remedy: 'Do not override it in an App that holds a verifier, but change objects with patches; or make an App of its own for it.',
  };
}
