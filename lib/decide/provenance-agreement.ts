import { Json } from '../policy/document';
import { Examined } from './examined';
import { claimOf } from './identity';
import { show } from './show';
import { provenanceOf, statedRefs } from './slsa-predicate';
import { Provenance } from './slsa-provenance';

/** What predicate and certificate both say, and must say alike. */
export interface Agreement {
  readonly claim: string;
  /** Everywhere the predicate has to say it. */
  readonly stated: (provenance: Provenance) => readonly (Json | undefined)[];
  /**
   * Always for GitHub's build type under a certificate; for another build type where the certificate has the claim. It is never the
   * predicate that decides: its author could then leave out what would not agree.
   */
  readonly applies: (examined: Examined) => boolean;
}

/** Beyond the source itself, which certificate and predicate are both compared with. */
export const AGREEMENTS: readonly Agreement[] = [
  everywhere('sourceRepositoryRef', statedRefs),
  everywhere('sourceRepositoryDigest', ({ source }) => [source.commit]),
  github('buildTrigger', ({ github: { event_name: name } }) => [name]),
  github('sourceRepositoryId', ({ github: { repository_id: id } }) => [id]),
  github('sourceRepositoryOwnerId', ({ github: { repository_owner_id: id } }) => [id]),
  github('runnerEnvironment', ({ github: { runner_environment: environment } }) => [environment], 'runner_environment'),
  everywhere('runInvocationUri', ({ invocationId }) => [invocationId]),
  // The calling workflow, put together as the certificate writes it.
  github('buildConfigUri', ({ workflow }) => [workflow === undefined ? undefined : `${workflow.repository}/${workflow.path}@${workflow.ref}`]),
];

/** Why predicate and certificate do not agree; `undefined` when they do. */
export function agreementShortfall({ claim, stated }: Agreement, examined: Examined): string | undefined {
  const certified = claimOf(examined.fact.signer, claim);
  if (certified === undefined) {
    return `expected a certificate with ${claim} to agree with the predicate, found none in it`;
  }
  const all = stated(provenanceOf(examined));
  if (all.every((value) => value === certified)) {
    return undefined;
  }
  return `expected the predicate to agree with its certificate on ${claim} ${show(certified)}, found ${described(all.find((value) => value !== certified))}`;
}

function described(value: Json | undefined): string {
  if (value === undefined) {
    return 'that it does not say';
  }
  return typeof value === 'string' ? show(value) : 'something that is no text';
}

/** @param member - what a build type may not have; who writes the predicate does not choose whether it has */
function github(claim: string, stated: Agreement['stated'], member = ''): Agreement {
  return { claim, stated, applies: (examined) => examined.fact.signer.type === 'certificate' && isGithub(examined) && !provenanceOf(examined).unstated.includes(member) };
}

function everywhere(claim: string, stated: Agreement['stated']): Agreement {
  return {
    claim,
    stated,
    applies: (examined) => examined.fact.signer.type === 'certificate' && (isGithub(examined) || claimOf(examined.fact.signer, claim) !== undefined),
  };
}

function isGithub(examined: Examined): boolean {
  return provenanceOf(examined).isGithub;
}
