import { findFiles } from './find-files';
import { Manifest, readManifests } from './read-manifests';

/** The objects of all files that arguments stand for, in their order. @throws Unjudged for the first that cannot be read */
export async function readAll(paths: readonly string[]): Promise<Manifest[]> {
  const manifests: Manifest[] = [];
  for (const path of paths) {
    for (const file of await findFiles(path)) {
      manifests.push(...await readManifests(file));
    }
  }
  return manifests;
}
