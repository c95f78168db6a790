import { ImagesError, ImageUse, pullSecretsOf } from '../../kubernetes/images';
import { ImageJudge } from '../judge/image-judge';
import { inParallel } from '../in-parallel';
import { Deadline, VerifierError } from '../ports';
import { imageChanges } from './image-changes';
import { NamespaceDirectory } from './judge-review';
import { AT_ONCE, REVIEW_LIMITS } from './limits';
import { AdmissionAnswer, JsonPatchOperation } from './response';
import { AdmissionRequest } from './review';

/**
 * Pins the tags of a Pod's covered images to the digests they point to now.
 *
 * Images that an update leaves as they are stay as they are: a changed reference would restart a running container.
 * It never refuses: what it leaves unpinned, for whatever reason, is refused by the validating entry, and the reason is
 * told as a warning.
 */
export async function pinReview(
  parts: { readonly images: ImageJudge; readonly namespaces: NamespaceDirectory }, request: AdmissionRequest, deadline: Deadline,
): Promise<AdmissionAnswer> {
  if (request.kind.kind !== 'Pod' || request.kind.group !== '' || request.namespace === '' || !['CREATE', 'UPDATE'].includes(request.operation)) {
    return { allowed: true };
  }
  const { uses, pullSecrets } = readImages(request);
  const references = new Set(uses.map((use) => use.reference));
  if (references.size > REVIEW_LIMITS.references) {
    return { allowed: true };
  }
  const namespace = parts.namespaces.contextOf(request.namespace);
  const digests = new Map<string, string>();
  const warnings: string[] = [];
  await inParallel([...references], AT_ONCE, async (reference) => {
    try {
      const digest = await parts.images.pin(reference, { namespace, pullSecrets }, deadline);
      if (digest !== undefined) {
        digests.set(reference, digest);
      }
    } catch (error) {
      if (!(error instanceof VerifierError)) {
        throw error;
      }
      warnings.push(`proofgate: [${error.code}] ${reference} could not be pinned: ${error.message}`.slice(0, 256));
    }
  });
  return { allowed: true, warnings, patch: uses.flatMap((use) => pinned(use, digests.get(use.reference))) };
}

/** The tag stays in the reference, for people; the digest decides. */
function pinned(use: ImageUse, digest: string | undefined): JsonPatchOperation[] {
  return digest === undefined ? [] : [{ op: 'replace', path: use.pointer, value: `${use.reference}@${digest}` }];
}

function readImages(request: AdmissionRequest): { readonly uses: readonly ImageUse[]; readonly pullSecrets: readonly string[] } {
  try {
    const uses = imageChanges(request).filter((change) => !change.unchanged).map((change) => change.use);
    return { uses, pullSecrets: pullSecretsOf(request.kind, request.object, request.subResource) };
  } catch (error) {
    if (error instanceof ImagesError) {
      return { uses: [], pullSecrets: [] };
    }
    throw error;
  }
}
