/** Who signs, as the certificate will say. */
export interface Identity {
  readonly subject: string;
  /** @default uri */
  readonly subjectType?: 'uri' | 'email' | 'username' | 'dns';
  readonly issuer: string;
  /** By the names of `CertificateClaims`, and `runInvocationUri`. */
  readonly claims?: { readonly [claim: string]: string };
}

export const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com';

export interface GithubRun {
  /** `owner/name` of the repository that is built. @default acme/app */
  readonly repository?: string;
  /** @default .github/workflows/release.yml */
  readonly workflow?: string;
  /** @default refs/heads/main */
  readonly ref?: string;
  /** A reusable workflow that does the signing: `owner/name/path@ref`. @default - the workflow itself */
  readonly reusable?: string;
  /** Claims that differ from an ordinary push by a hosted runner. */
  readonly claims?: { readonly [claim: string]: string };
}

const COMMIT = '5b1e0c3a9d5f4f0e8b7a6c5d4e3f2a1b0c9d8e7f';

/** A GitHub Actions run with all claims that Fulcio takes from its token. */
export function githubRun(run: GithubRun = {}): Identity {
  const { repository = 'acme/app', workflow = '.github/workflows/release.yml', ref = 'refs/heads/main' } = run;
  const source = `https://github.com/${repository}`;
  const config = `${source}/${workflow}@${ref}`;
  const subject = run.reusable === undefined ? config : `https://github.com/${run.reusable}`;
  return {
    subject,
    issuer: GITHUB_ISSUER,
    claims: {
      buildSignerUri: subject,
      buildSignerDigest: COMMIT,
      runnerEnvironment: 'github-hosted',
      sourceRepositoryUri: source,
      sourceRepositoryDigest: COMMIT,
      sourceRepositoryRef: ref,
      sourceRepositoryId: '7001',
      sourceRepositoryOwnerUri: `https://github.com/${repository.split('/')[0]}`,
      sourceRepositoryOwnerId: '9001',
      buildConfigUri: config,
      buildConfigDigest: COMMIT,
      buildTrigger: 'push',
      runInvocationUri: `${source}/actions/runs/424242/attempts/1`,
      sourceRepositoryVisibility: 'private',
      workflowName: 'Release',
      ...run.claims,
    },
  };
}
