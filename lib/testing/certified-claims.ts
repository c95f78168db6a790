import { GITHUB_ISSUER } from '../authoring/github';
import { canonicalJson } from '../policy/canonical-json';
import { sha256Hex, utf8 } from '../policy/sha256';

/** Claims of a certificate, by the names of `CertificateClaims`, and `runInvocationUri`. */
export interface CertifiedClaims {
  readonly [claim: string]: string;
}

/** A workflow in a certificate's subject: repository, path, ref. */
const WORKFLOW = /^(https:\/\/github\.com\/[^/]+\/[^/]+)\/([^@]+)@(.+)$/;

/**
 * All claims of the certificate that an identity gets, of which some are bound.
 *
 * A certificate for a workflow of GitHub has every claim. What is not bound is what a policy must not rely on: a machine of one's own, started by
 * hand, at a commit and in a run of its own, in a repository that nobody knows the ids of; called from an unknown workflow and ref, where another repository called. Other issuers'
 * certificates have what is bound and no more.
 */
export function certifiedClaims(issuer: string, subject: string, bound: CertifiedClaims): CertifiedClaims {
  const [, repository = '', , ref = ''] = issuer === GITHUB_ISSUER ? WORKFLOW.exec(subject) ?? [] : [];
  if (repository === '') {
    return bound;
  }
  // Whoever signs, a build of its own: that several are one is never taken for granted.
  const build = sha256Hex(utf8(canonicalJson([subject, bound])));
  const commit = build.slice(0, 40);
  const source = bound['sourceRepositoryUri'] ?? repository;
  const sourceRef = bound['sourceRepositoryRef'] ?? (source === repository ? ref : 'refs/heads/unknown');
  return {
    buildSignerUri: subject,
    buildSignerDigest: commit,
    runnerEnvironment: 'self-hosted',
    sourceRepositoryUri: source,
    sourceRepositoryDigest: commit,
    sourceRepositoryRef: sourceRef,
    sourceRepositoryId: '1',
    sourceRepositoryOwnerUri: source.slice(0, source.lastIndexOf('/')),
    sourceRepositoryOwnerId: '2',
    buildConfigUri: source === repository ? subject : `${source}/.github/workflows/unknown.yml@${sourceRef}`,
    buildConfigDigest: commit,
    buildTrigger: 'workflow_dispatch',
    runInvocationUri: `${source}/actions/runs/${Number.parseInt(build.slice(-12), 16)}/attempts/1`,
    sourceRepositoryVisibility: 'private',
    ...bound,
  };
}
