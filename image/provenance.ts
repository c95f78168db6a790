import { execFileSync } from 'node:child_process';
import { Material } from './bill-of-materials';
import { Pin } from './pin';
import { PLATFORMS } from './platform';

export const IN_TOTO = 'application/vnd.in-toto+json';
export const SLSA_PROVENANCE = 'https://slsa.dev/provenance/v1';

/** Nothing is known about the machine: whoever signs this vouches for it. */
export const UNKNOWN_BUILDER = 'https://proofgate.dev/image/builders/unknown';

/** The source of an image. */
export interface Source {
  /** Where it can be had, as a URL. */
  readonly repository: string;
  /** Commit of git. */
  readonly commit: string;
}

/** The commit that is checked out; `undefined` when files differ from it, or git knows nothing of them, so that no commit says what was built. */
export function cleanCommit(folder: string): string | undefined {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return git('status', '--porcelain') === '' ? git('rev-parse', 'HEAD') : undefined;
  } catch {
    return undefined;
  }
}

/** A statement about a digest (in-toto Statement v1). */
export function statement(image: Pin, predicateType: string, predicate: object): object {
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: image.repository, digest: { sha256: image.digest.slice('sha256:'.length) } }],
    predicateType,
    predicate,
  };
}

/** SLSA provenance v1 (slsa.dev/spec/v1.0/provenance); docs/image.md describes the build type. It says nothing of time, so that the same build says the same. */
export function provenance(source: Source, builder: string, materials: readonly Material[]): object {
  return {
    buildDefinition: {
      buildType: 'https://proofgate.dev/image/v1',
      externalParameters: { source: source.repository, platforms: PLATFORMS.map(({ architecture }) => `linux/${architecture}`) },
      internalParameters: {},
      resolvedDependencies: [
        { uri: `git+${source.repository}`, digest: { gitCommit: source.commit } },
        ...materials.map(({ purl, hash }) => ({ uri: purl, digest: { [hash.algorithm.replace('-', '').toLowerCase()]: hash.hex } })),
      ],
    },
    runDetails: { builder: { id: builder } },
  };
}
