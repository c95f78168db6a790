import { CertificateClaims } from './certificate-claims';
import { defined } from './defined';
import { refuseInput } from './input';
import { KeylessIdentity, KeylessOptions } from './keyless-options';

/** The pipeline of a GitLab project. */
export interface GitLabPipelineProps extends KeylessOptions {
  /** Full path with its groups, for example `acme/backend/payments`. */
  readonly project: string;

  /** The ref it runs at, for example `refs/heads/main` or `refs/tags/v*`; `*` does not cross `/`. */
  readonly ref: string;

  /**
   * Path of the pipeline's configuration in the project.
   *
   * @default .gitlab-ci.yml
   */
  readonly configuration?: string;

  /**
   * The GitLab server, which is also the issuer of the tokens.
   *
   * @default https://gitlab.com
   */
  readonly server?: string;

  /**
   * Numeric id of the project.
   *
   * @default - not compared
   */
  readonly projectId?: string;
}

/** The identity in a certificate of this pipeline: `SERVER/PROJECT//CONFIGURATION@REF`. */
export function gitlabPipeline(path: string, props: GitLabPipelineProps): KeylessIdentity {
  const server = props.server ?? 'https://gitlab.com';
  if (typeof props.project !== 'string' || !/^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)+$/.test(props.project)) {
    refuseInput(path, `project is ${JSON.stringify(props.project)}, which is not a GitLab project`,
      'Write its full path, for example acme/payments.');
  }
  if (typeof props.ref !== 'string') {
    refuseInput(path, 'ref is missing', 'Write for example refs/heads/main.');
  }
  const exact = !props.ref.includes('*');
  const pipeline = `${server}/${props.project}//${props.configuration ?? '.gitlab-ci.yml'}`;
  const subject = exact ? `${pipeline}@${props.ref}` : pipeline;
  return defined<KeylessIdentity>({
    issuer: server,
    subject,
    subjectRefs: exact ? undefined : [props.ref],
    claims: defined<CertificateClaims>({
      sourceRepositoryUri: `${server}/${props.project}`,
      sourceRepositoryRef: props.ref,
      sourceRepositoryId: props.projectId,
    }),
  });
}
