import { objectId } from '../../refusals';
import { LocatedFinding } from '../output/findings';
import { Manifest } from './read-manifests';

/** Objects that two files have in common, from which on the one is taken for an earlier state of the other. */
const FEWEST = 3;

/** What is said of objects that are held twice. */
export interface HeldTwice {
  /** All findings, of which those about such objects say where they are held first. */
  readonly findings: readonly LocatedFinding[];
  /** A line for each two files that hold the same objects: whoever renames a chart is left with the file of its old name, since cdk8s deletes none. */
  readonly filesInCommon: readonly string[];
}

export function heldTwice(findings: readonly LocatedFinding[], manifests: readonly Manifest[]): HeldTwice {
  const counts = new Map<string, { readonly first: string; readonly second: string; count: number }>();
  const located = findings.map((finding) => {
    const first = firstOf(finding, manifests);
    if (first === undefined) {
      return finding;
    }
    if (first.file !== finding.file) {
      const key = JSON.stringify([first.file, finding.file]);
      const pair = counts.get(key) ?? { first: first.file, second: finding.file, count: 0 };
      counts.set(key, { ...pair, count: pair.count + 1 });
    }
    return { ...finding, message: `${finding.message.replace(/\.$/, '')}, at ${first.file}:${first.line}.` };
  });
  const filesInCommon = [...counts.values()].filter(({ count }) => count >= FEWEST).map(({ first, second, count }) => (
    `${second} and ${first} hold ${count} of the same objects, and whichever is applied last wins; a chart that was renamed leaves the file of its old name behind: delete the one that is left over, and lint again`
  ));
  return { findings: located, filesInCommon };
}

function firstOf({ code, object, path, file, line }: LocatedFinding, manifests: readonly Manifest[]): Manifest | undefined {
  if (code !== 'DUPLICATE_OBJECT' || path !== 'metadata.name') {
    return undefined;
  }
  const twins = manifests.filter(({ value }) => objectId(value) === object);
  const [first] = twins;
  // A line lies below the first line of its object.
  const own = twins.filter((twin) => twin.file === file && twin.line <= (line ?? 0)).at(-1);
  return first === own ? undefined : first;
}
