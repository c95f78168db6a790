import { checkId } from '../policy/check-attestor';
import { CertificateClaims } from './certificate-claims';
import { defined } from './defined';
import { refuseInput } from './input';
import { KEYLESS_OPTIONS, KeylessIdentity, KeylessOptions, refPattern } from './keyless-options';
import { Check, inDocument, optional, Properties, required, requireProperties } from './properties';

/**
 * The pipeline of a GitLab project.
 *
 * @example
 *
 * KeylessAttestor.gitlabPipeline(this, 'pipeline', { project: 'acme/backend/payments', ref: 'refs/tags/v*' });
 */
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

/** `https://host` or `https://host:port`, as the issuer writes it: what follows is the project. */
const server: Check = (field) => {
  const url = field.text();
  if (url !== undefined && !/^https:\/\/[a-z0-9][a-z0-9.-]*(?::[0-9]+)?$/.test(url)) {
    field.problem(`is ${JSON.stringify(url)}, which is not the address of a GitLab server: write https:// and the host, without a slash at the end`);
  }
};

const configuration: Check = (field) => {
  const file = field.text();
  if (file !== undefined && !/^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*\.ya?ml$/.test(file)) {
    field.problem(`is ${JSON.stringify(file)}, which is not the path of a pipeline's configuration in its project: write for example .gitlab-ci.yml, without "@" and ref`);
  }
};

const PROPERTIES: Properties<GitLabPipelineProps> = {
  ...KEYLESS_OPTIONS,
  project: required(inDocument),
  ref: required(refPattern),
  configuration: optional(configuration),
  server: optional(server),
  projectId: optional(checkId),
};

/** The identity in a certificate of this pipeline: `SERVER/PROJECT//CONFIGURATION@REF`. */
export function gitlabPipeline(path: string, props: GitLabPipelineProps): KeylessIdentity {
  requireProperties(path, props, PROPERTIES);
  const host = props.server ?? 'https://gitlab.com';
  if (typeof props.project !== 'string' || !/^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)+$/.test(props.project) || props.project.endsWith('.git')) {
    refuseInput(path, `project is ${JSON.stringify(props.project)}, which is not a GitLab project`,
      'Write its full path, for example acme/payments, without ".git".');
  }
  const exact = !props.ref.includes('*');
  const pipeline = `${host}/${props.project}//${props.configuration ?? '.gitlab-ci.yml'}`;
  const subject = exact ? `${pipeline}@${props.ref}` : pipeline;
  return defined<KeylessIdentity>({
    issuer: host,
    subject,
    subjectRefs: exact ? undefined : [props.ref],
    claims: defined<CertificateClaims>({
      sourceRepositoryUri: `${host}/${props.project}`,
      sourceRepositoryRef: props.ref,
      sourceRepositoryId: props.projectId,
    }),
  });
}
