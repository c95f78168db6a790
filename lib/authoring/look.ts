import { Manifest } from '../engines/manifest';
import { misreadIn } from '../kubernetes/yaml-value';
import { Problem } from '../policy/problem';
import { Alteration, alterations } from './alterations';

/** What is seen of an object without knowing what any of it means. */
export interface Look {
  readonly altered: readonly Alteration[];
  /** What kubectl would read otherwise than it is written. */
  readonly misread: readonly Problem[];
}

export function look(rendered: Manifest, written: unknown): Look {
  return { altered: alterations(rendered, written), misread: misreadIn(written) };
}

/** Looks at plain JSON again and again: what was seen is seen again as long as the texts of both objects are the same. */
export class StandingLook {
  readonly #last = new WeakMap<Manifest, { readonly before: string; readonly after: string; readonly seen: Look }>();

  look(rendered: Manifest, written: unknown): Look {
    const [before, after] = [JSON.stringify(rendered), JSON.stringify(written)];
    const last = this.#last.get(rendered);
    if (last?.before === before && last.after === after) {
      return last.seen;
    }
    const seen = look(rendered, written);
    this.#last.set(rendered, { before, after, seen });
    return seen;
  }
}
