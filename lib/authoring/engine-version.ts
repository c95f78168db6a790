import { describe } from '../policy/field';
import { Check } from './properties';

/** What of a product that is installed is needed. */
export interface NeededVersion {
  readonly product: string;
  /** The first version that will do. */
  readonly oldest: readonly [number, number, number];
  /** A version that does, as messages show one. */
  readonly example: string;
  /** What is wrong with older ones. */
  readonly lacking: string;
}

/** The version of what is installed, `major.minor.patch` with or without `v`; one that is too old is refused. */
export function installedVersion({ product, oldest, example, lacking }: NeededVersion): Check {
  return (field) => {
    const written = field.text();
    if (written === undefined) {
      return;
    }
    const parts = /^v?(\d{1,6})\.(\d{1,6})\.(\d{1,6})$/.exec(written)?.slice(1).map(Number);
    if (parts === undefined) {
      field.problem(`is ${describe(written)}, which is no version of ${product}: write the oldest one in use, for example ${example}`);
    } else if (isOlder(parts, oldest)) {
      field.problem(`is ${describe(written)}, ${lacking}: upgrade ${product} to ${oldest.join('.')} or newer`);
    }
  };
}

function isOlder(parts: readonly number[], oldest: readonly number[]): boolean {
  const different = oldest.findIndex((part, index) => part !== parts[index]);
  return different >= 0 && (parts[different] ?? 0) < (oldest[different] ?? 0);
}
