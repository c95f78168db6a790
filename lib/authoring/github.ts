import { exactText } from '../policy/exact';
import { nearestName } from '../policy/nearest';
import { refuseInput } from './input';
import { Check, oneOf } from './properties';

/** The server whose repositories the certificates name. */
export const GITHUB = 'https://github.com';

/** Issuer of the tokens of GitHub's workflows. */
export const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com';

/** Events that start workflows, as certificates name them. */
const EVENTS = [
  'branch_protection_rule', 'check_run', 'check_suite', 'create', 'delete', 'deployment', 'deployment_status', 'discussion', 'discussion_comment', 'dynamic', 'fork', 'gollum',
  'issue_comment', 'issues', 'label', 'merge_group', 'milestone', 'page_build', 'public', 'pull_request', 'pull_request_review', 'pull_request_review_comment',
  'pull_request_target', 'push', 'registry_package', 'release', 'repository_dispatch', 'schedule', 'status', 'watch', 'workflow_dispatch', 'workflow_run',
];

/** An event; one that is not known may be new, but one that is nearly a known one is a slip that would refuse every image. */
export const gitHubEvent: Check = (field) => {
  const event = exactText(field);
  const meant = event === undefined || EVENTS.includes(event) ? undefined : nearestName(event, EVENTS);
  if (meant !== undefined) {
    field.problem(`is ${JSON.stringify(event)}, which is no event of GitHub: did you mean ${meant}?`);
  }
};

/**
 * Whose machines a GitHub workflow runs on.
 *
 * @example
 *
 * KeylessAttestor.githubWorkflow(this, 'release', {
 *   repository: 'acme/payments',
 *   workflow: '.github/workflows/release.yml',
 *   ref: 'refs/heads/main',
 *   runner: GitHubRunner.SELF_HOSTED,
 * });
 */
export enum GitHubRunner {
  /** GitHub's own, fresh for every job. */
  GITHUB_HOSTED = 'github-hosted',
  /** Yours; what one job leaves behind, the next one may find. */
  SELF_HOSTED = 'self-hosted',
  /** Either. */
  ANY = 'any',
}

export const gitHubRunner: Check = oneOf('GitHubRunner', GitHubRunner);

/** Certificate claim .11. */
export function runnerClaim(runner: GitHubRunner = GitHubRunner.GITHUB_HOSTED): string | undefined {
  return runner === GitHubRunner.ANY ? undefined : runner;
}

/** `owner/name`. */
export function requireRepository(path: string, property: string, repository: string): string {
  if (typeof repository !== 'string' || !/^[A-Za-z0-9][A-Za-z0-9-]*\/[A-Za-z0-9._-]+$/.test(repository) || repository.endsWith('.git')) {
    refuseInput(path, `${property} is ${JSON.stringify(repository)}, which is not a GitHub repository`,
      'Write owner/name, for example acme/payments, without ".git".');
  }
  return repository;
}

/** Path of a workflow within its repository. */
export function requireWorkflow(path: string, workflow: string): string {
  if (typeof workflow !== 'string' || !/^\.github\/workflows\/[A-Za-z0-9._-]+\.ya?ml$/.test(workflow)) {
    refuseInput(path, `workflow is ${JSON.stringify(workflow)}, which is not the path of a workflow`,
      'Write its path in the repository, for example .github/workflows/release.yml, without "@" and ref.');
  }
  return workflow;
}
