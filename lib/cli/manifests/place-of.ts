import { Finding, lintManifests, objectId } from '../../refusals';
import { fieldLine } from './field-line';
import { Manifest } from './read-manifests';

/** Where it stands in which file. */
export interface Place {
  readonly file: string;
  /** From 1. @default - the finding is about what is not there */
  readonly line?: number;
}

/** The place of a field, or of what is nearest to it. */
export function placeIn(manifest: Manifest, path: string): Place {
  return { file: manifest.file, line: fieldLine(manifest, path) };
}

/**
 * The place of each finding, in their order.
 *
 * Of objects that share kind and name it is that of the one about which the same is found without the others; of what is found only because there
 * are several, that of the last.
 */
export function placesOf(findings: readonly Finding[], manifests: readonly Manifest[], now: number): Place[] {
  const named = new Map<string, Manifest[]>();
  for (const manifest of manifests) {
    const id = objectId(manifest.value);
    named.set(id, [...named.get(id) ?? [], manifest]);
  }
  const alone = new Map<Manifest, ReadonlySet<string>>();
  const found = (manifest: Manifest, twins: readonly Manifest[]): ReadonlySet<string> => {
    const others = (): unknown[] => manifests.filter((other) => other === manifest || !twins.includes(other)).map(({ value }) => value);
    const known = alone.get(manifest) ?? new Set(lintManifests(others(), now).map(keyOf));
    alone.set(manifest, known);
    return known;
  };
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const twins = named.get(finding.object) ?? [];
    const key = keyOf(finding);
    const before = seen.get(key) ?? 0;
    seen.set(key, before + 1);
    const wrong = twins.length > 1 ? twins.filter((manifest) => found(manifest, twins).has(key)) : twins;
    const manifest = wrong[before] ?? wrong.at(-1) ?? twins.at(-1);
    return manifest === undefined ? { file: manifests[0]?.file ?? '-' } : placeIn(manifest, finding.path);
  });
}

function keyOf({ code, object, path, message }: Finding): string {
  return JSON.stringify([code, object, path, message]);
}
