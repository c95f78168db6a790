import { isDeepStrictEqual } from 'node:util';
import { Evidence, EvidenceUnavailable } from '../../decide/evidence';
import { ImageReference } from '../../kubernetes/reference';
import { startDeadline } from '../deadline';
import { Deadline, Registry, VerifierError } from '../ports';

/** A place where an image and its evidence are looked for. */
export interface Place {
  /** @throws what the work throws; VerifierError REGISTRY_UNAVAILABLE when a mirror takes more than its share of the time */
  ask<T>(work: (at: ImageReference, time: Deadline) => Promise<T>): Promise<T>;
}

/** The mirrors of an image, each with half of the time that is then left, and last the registry itself. */
export function placesOf(registry: Registry, reference: ImageReference, deadline: Deadline): Place[] {
  return registry.places(reference).map((at, index, all): Place =>
    ({ ask: (work) => (index === all.length - 1 ? work(at, deadline) : inShare(at, reference, deadline, work)) }));
}

/** What the first place that knows answers. @throws VerifierError IMAGE_NOT_FOUND where all say so; else what kept a place from answering */
export async function askInTurn<T>(places: readonly Place[], work: (at: ImageReference, time: Deadline) => Promise<T>): Promise<T> {
  const failures: unknown[] = [];
  for (const place of places) {
    try {
      return await place.ask(work);
    } catch (error) {
      failures.push(error);
    }
  }
  throw failures.find((error) => !(error instanceof VerifierError && error.code === 'IMAGE_NOT_FOUND')) ?? failures.at(-1);
}

/** What two places hold counts once. */
export function join(pieces: readonly Evidence[], more: readonly Evidence[]): readonly Evidence[] {
  return [...pieces, ...more.filter((piece) => !pieces.some((other) => other.digest === piece.digest && isDeepStrictEqual(piece, other)))];
}

/** Why a question is open of which some places were silent; `undefined` when all have answered. */
export function openQuestion([first, ...others]: readonly EvidenceUnavailable[]): EvidenceUnavailable | undefined {
  return first && { ...first, message: [first, ...others].map(({ message }) => message).join('; ') };
}

/** A mirror that never answers must leave time for what comes after it. */
async function inShare<T>(at: ImageReference, reference: ImageReference, deadline: Deadline, work: (at: ImageReference, time: Deadline) => Promise<T>): Promise<T> {
  const share = startDeadline(deadline.remaining() / 2, deadline.askers);
  const forget = deadline.whenOver(() => share.abandon());
  try {
    return await work(at, share);
  } catch (error) {
    throw error instanceof VerifierError && share.over && !deadline.over
      ? new VerifierError('REGISTRY_UNAVAILABLE', `${at.registry}, a mirror of ${reference.registry}, did not answer in the half of the time that it is given`, { cause: error }) : error;
  } finally {
    forget();
    share.done();
  }
}
