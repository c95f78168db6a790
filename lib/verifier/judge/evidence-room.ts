import { AttachedBundles, VerifierError } from '../ports';

/** Bytes of the evidence of all images below an index: what the registry client reads for one image at most. */
const BYTES = 16 * 1024 * 1024;

/** Room for the evidence of several images that are judged together: all of it is kept until they are. */
export class EvidenceRoom {
  private left = BYTES;

  /** @throws VerifierError LIMIT when it is used up, whichever image comes last */
  take({ bundles }: AttachedBundles): void {
    this.left -= bundles.reduce((sum, { bytes, annotations = {} }) => Object.values(annotations).reduce((all, text) => all + text.length, sum + bytes.byteLength), 0);
    if (this.left < 0) {
      throw new VerifierError('LIMIT', `the images for all platforms have more than ${BYTES} bytes of evidence together`);
    }
  }
}
