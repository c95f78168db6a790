import { NormalRequirement } from '../policy/normal';
import { ChildImage, ImageContent, ImagesOfIndex } from './content';
import { deniedImage } from './deny-list';
import { Evidence, EvidenceReport } from './evidence';
import { Reason } from './reason';
import { judgeRequirement, RequirementInput, RequirementOutcome } from './requirement';
import { plain } from './show';

/** What is known of an image and of those in it. */
export interface KnownImage {
  /** About the digest that was named. */
  readonly evidence: EvidenceReport;
  readonly content: ImageContent;
}

/**
 * Judges one requirement of an image that may be an index of images for several platforms.
 *
 * `index`: by the evidence of the digest that is named, and by no other. `child`: every image below an index by its own evidence, and that of the
 * index counts for nothing. `either`: the one or, where that falls short, the other; never some images by the one and some by the other. Where the digest stands
 * for one image, its own evidence decides.
 */
export function judgeImage(input: Omit<RequirementInput, 'pieces'>, { evidence, content }: KnownImage): RequirementOutcome {
  const named = (): RequirementOutcome => (evidence.status === 'unavailable'
    ? unavailable(input, evidence) : judgeRequirement({ ...input, pieces: evidence.pieces }));
  const { multiPlatform } = input.requirement;
  if (multiPlatform === undefined || content.status === 'manifest') {
    return named();
  }
  if (multiPlatform === 'child') {
    return content.status === 'unread' && evidence.status === 'unavailable' ? named() : judgeContent(input, content);
  }
  const outcome = named();
  if (outcome.reasons.length === 0 || content.status === 'unread') {
    return outcome;
  }
  const below = judgeContent(input, content);
  return below.reasons.length === 0 ? below : { proof: [], reasons: [...outcome.reasons, ...below.reasons] };
}

/** The same image with the evidence of the named digest, and that of each image below it, as `change` makes it. */
export function withPieces({ evidence, content }: KnownImage, change: (pieces: readonly Evidence[]) => readonly Evidence[]): KnownImage {
  return {
    evidence: evidence.status === 'found' ? { ...evidence, pieces: change(evidence.pieces) } : evidence,
    content: content.status === 'index' ? { ...content, children: content.children.map((child) => ({ ...child, pieces: change(child.pieces) })) } : content,
  };
}

/** Whether a requirement looks at what an index holds: at once, or only where the index itself does not do. */
export function looksInside({ multiPlatform }: NormalRequirement): 'never' | 'always' | 'otherwise' {
  return multiPlatform === undefined ? 'never' : multiPlatform === 'child' ? 'always' : 'otherwise';
}

function judgeContent(input: Omit<RequirementInput, 'pieces'>, content: Exclude<ImageContent, { readonly status: 'manifest' }>): RequirementOutcome {
  switch (content.status) {
    case 'unread': return refused(input, { code: 'INTERNAL', message: 'the images for the platforms were not looked at' });
    case 'unavailable': return unavailable(input, content);
    case 'index': return judgeChildren(input, content);
  }
}

function judgeChildren(input: Omit<RequirementInput, 'pieces'>, { children }: ImagesOfIndex): RequirementOutcome {
  if (children.length === 0) {
    return refused(input, { code: 'UNSUPPORTED', message: 'expected an index of at least one image that a node could run, found one of none' });
  }
  const outcomes = children.map((child) => judgeChild(input, child));
  const reasons = outcomes.flatMap((outcome) => outcome.reasons);
  return { reasons, proof: reasons.length > 0 ? [] : outcomes.flatMap(({ proof }) => proof) };
}

/** As if it had been named itself; an image on a deny list is denied here, too. */
function judgeChild(input: Omit<RequirementInput, 'pieces'>, { digest, platform, pieces }: ChildImage): RequirementOutcome {
  const child = { digest, platform: plain(platform, LONGEST) };
  const list = input.denyLists.find(({ digests }) => digests.includes(digest));
  const { proof, reasons } = list === undefined ? judgeRequirement({ ...input, digest, pieces }) : refused(input, deniedImage(list, digest));
  return { proof: proof.map((vouched) => ({ ...vouched, child })), reasons: reasons.map((reason) => ({ ...reason, child })) };
}

/** Characters of what an index calls a platform. */
const LONGEST = 60;

/** What could not be learned is no requirement's fault, and is said once. */
function unavailable({ policy }: Omit<RequirementInput, 'pieces'>, { code, message }: Pick<Reason, 'code' | 'message'>): RequirementOutcome {
  return { proof: [], reasons: [{ code, policy: policy.name, message: plain(message) }] };
}

function refused({ policy, requirement }: Omit<RequirementInput, 'pieces'>, { code, message }: Reason): RequirementOutcome {
  return { proof: [], reasons: [{ code, message, policy: policy.name, requirement: requirement.name }] };
}
