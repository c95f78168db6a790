import { imagesOf, ImagesError, ImageUse } from '../../kubernetes/images';
import { AdmissionRequest } from './review';

/** One image of the object, and whether this request changes it. */
export interface ImageChange {
  readonly use: ImageUse;
  readonly unchanged: boolean;
}

/**
 * The images that the object will hold, each marked as unchanged when the stored object has the same reference at the same
 * position (list and container or volume name).
 *
 * Unchanged images of an update were judged when they came; refusing them now could only keep a controller from scaling
 * down or a finalizer from being removed while the registry is away.
 *
 * @throws ImagesError when the object cannot be read in exactly one way
 */
export function imageChanges(request: AdmissionRequest): ImageChange[] {
  const uses = imagesOf(request.kind, request.object, request.subResource);
  const before = request.operation === 'UPDATE' ? storedImages(request) : new Map<string, string>();
  return uses.map((use) => ({ use, unchanged: before.get(use.position) === use.reference }));
}

/** What the stored object pulls, by position; nothing where it cannot be read, so that everything counts as new. */
function storedImages(request: AdmissionRequest): Map<string, string> {
  try {
    return new Map(imagesOf(request.kind, request.oldObject, request.subResource).map((use) => [use.position, use.reference]));
  } catch (error) {
    if (error instanceof ImagesError) {
      return new Map();
    }
    throw error;
  }
}
