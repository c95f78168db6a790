import { checkId } from '../policy/check-attestor';
import { CertificateClaims } from './certificate-claims';
import { defined } from './defined';
import { GITHUB, GITHUB_ISSUER, gitHubEvent, GitHubRunner, gitHubRunner, requireRepository, requireWorkflow, runnerClaim } from './github';
import { refuseInput } from './input';
import { KEYLESS_OPTIONS, KeylessIdentity, KeylessOptions, refPattern } from './keyless-options';
import { inDocument, optional, Properties, required, requireProperties } from './properties';
import { refuse } from './refusal';

/**
 * A reusable GitHub workflow and who calls it.
 *
 * @example
 *
 * KeylessAttestor.githubReusableWorkflow(this, 'builder', {
 *   workflowRepository: 'acme/build-workflows',
 *   workflow: '.github/workflows/container.yml',
 *   ref: 'refs/tags/v2.1.0',
 *   callerRepository: 'acme/payments',
 *   callerRef: 'refs/heads/main',
 * });
 */
export interface GitHubReusableWorkflowProps extends KeylessOptions {
  /** `owner/name` of the repository that holds the reusable workflow. */
  readonly workflowRepository: string;

  /** Path of the reusable workflow, for example `.github/workflows/container.yml`. */
  readonly workflow: string;

  /** What callers pin it to: a full tag such as `refs/tags/v2.1.0`, or a commit of 40 hexadecimal digits. A branch is refused: it moves. */
  readonly ref: string;

  /** `owner/name` of the repository that calls it: the source that is built. */
  readonly callerRepository: string;

  /**
   * The ref of the caller that is built, for example `refs/heads/main` or `refs/tags/v*`.
   *
   * @default - any ref of the caller
   */
  readonly callerRef?: string;

  /**
   * Path of the workflow that calls it, for example `.github/workflows/release.yml`; needs an exact `callerRef`.
   *
   * @default - any workflow of the caller
   */
  readonly callerWorkflow?: string;

  /**
   * Numeric id of the calling repository. Names can be registered again after a deletion, ids cannot.
   *
   * @default - not compared
   */
  readonly callerRepositoryId?: string;

  /**
   * Numeric id of the calling repository's owner.
   *
   * @default - not compared
   */
  readonly callerOwnerId?: string;

  /**
   * The event that must have started the caller, for example `push`.
   *
   * @default - any event that the caller lists under `on`
   */
  readonly trigger?: string;

  /**
   * Whose machines it must run on.
   *
   * @default GitHubRunner.GITHUB_HOSTED
   */
  readonly runner?: GitHubRunner;
}

const PROPERTIES: Properties<GitHubReusableWorkflowProps> = {
  ...KEYLESS_OPTIONS,
  workflowRepository: required(inDocument),
  workflow: required(inDocument),
  ref: required(inDocument),
  callerRepository: required(inDocument),
  callerRef: optional(refPattern),
  callerWorkflow: optional(inDocument),
  callerRepositoryId: optional(checkId),
  callerOwnerId: optional(checkId),
  trigger: optional(gitHubEvent),
  runner: optional(gitHubRunner),
};

/** The identity in a certificate of this workflow when this caller calls it. */
export function githubReusableWorkflow(path: string, props: GitHubReusableWorkflowProps): KeylessIdentity {
  requireProperties(path, props, PROPERTIES);
  const workflowRepository = requireRepository(path, 'workflowRepository', props.workflowRepository);
  const caller = `${GITHUB}/${requireRepository(path, 'callerRepository', props.callerRepository)}`;
  const subject = `${GITHUB}/${workflowRepository}/${requireWorkflow(path, props.workflow)}@${requireFixedRef(path, props.ref)}`;
  return {
    issuer: GITHUB_ISSUER,
    subject,
    claims: defined<CertificateClaims>({
      buildSignerUri: subject,
      sourceRepositoryUri: caller,
      sourceRepositoryRef: props.callerRef,
      sourceRepositoryId: props.callerRepositoryId,
      sourceRepositoryOwnerId: props.callerOwnerId,
      buildConfigUri: callingWorkflow(path, caller, props),
      buildTrigger: props.trigger,
      runnerEnvironment: runnerClaim(props.runner),
    }),
  };
}

/** A tag or a commit; whoever may push to a branch could otherwise change the builder under the policy. */
function requireFixedRef(path: string, ref: string): string {
  if (/^(?:refs\/tags\/[^*\s]+|[0-9a-f]{40})$/.test(ref)) {
    return ref;
  }
  const remedy = 'Pin a tag, for example refs/tags/v2.1.0, or a commit of 40 lower-case hexadecimal digits.';
  if (typeof ref === 'string' && ref.startsWith('refs/heads/')) {
    const problem = `ref is "${ref}", a branch: whoever may push to it changes the builder`;
    refuse([{ code: 'MUTABLE_BUILDER_REF', path, problem, remedy }]);
  }
  refuseInput(path, `ref is ${JSON.stringify(ref)}, which is neither a full tag nor a commit`, remedy);
}

/** Claim .18 ends in the caller's ref, so it can only be exact when that is. */
function callingWorkflow(path: string, caller: string, { callerRef, callerWorkflow }: GitHubReusableWorkflowProps): string | undefined {
  if (callerWorkflow === undefined) {
    return undefined;
  }
  if (callerRef === undefined || callerRef.includes('*')) {
    refuseInput(path, 'callerWorkflow is compared together with the ref it ran at, and callerRef is not exact',
      'Write one exact callerRef, or leave callerWorkflow out.');
  }
  return `${caller}/${requireWorkflow(path, callerWorkflow)}@${callerRef}`;
}
