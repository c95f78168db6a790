import { parseImagePattern } from '../../policy/image-pattern';

/**
 * References by digest to images that a pattern matches, as a glob of policy-controller.
 *
 * It compares with `registry/repository@sha256:…`, from which it has dropped the tag; `*` stays within a segment there, `**` crosses them, and Docker Hub is
 * `index.docker.io`. A host that is written in another way than the pattern has it matches nothing, and is refused as one that no policy names.
 *
 * @see https://github.com/sigstore/policy-controller/blob/v0.15.1/pkg/apis/glob/glob.go
 */
export function imageGlob(pattern: string): string {
  const { registry, segments } = parseImagePattern(pattern);
  return `${registry === 'docker.io' ? 'index.docker.io' : registry}/${segments.join('/')}@sha256:*`;
}

/** What a glob may consist of; a literal IPv6 address, for one, it may not. */
export function isImageGlob(glob: string): boolean {
  return /^[a-zA-Z0-9\-_:/*.@]+$/.test(glob);
}
