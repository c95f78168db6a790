import { Construct } from 'constructs';
import { KeylessAttestor as KeylessAttestorDocument } from '../policy/document';
import { Attestor } from './attestor';
import { claims, claimsDocument } from './certificate-claims';
import { defined } from './defined';
import { refuseAttestor } from './document-part';
import { GitHubReusableWorkflowProps, githubReusableWorkflow } from './github-reusable-workflow';
import { GitHubWorkflowProps, githubWorkflow } from './github-workflow';
import { GitLabPipelineProps, gitlabPipeline } from './gitlab-pipeline';
import { pathOf } from './input';
import { KEYLESS_OPTIONS, KeylessAttestorProps, KeylessOptions, refPattern } from './keyless-options';
import { Check, inDocument, list, optional, Properties, required, requireProperties } from './properties';
import { EnforcementRoll } from './roll';
import { transparencyDocument } from './transparency';
import { TrustRoot } from './trust-root';

/** The identity of a Google Cloud service account. */
export interface GoogleServiceAccountProps extends KeylessOptions {
  /** For example `builder@acme-prod.iam.gserviceaccount.com`. */
  readonly email: string;
}

/** The identity of a person who signs after logging in. */
export interface EmailProps extends KeylessOptions {
  /** The address, exactly as the identity provider writes it. */
  readonly email: string;

  /** The identity provider that vouches for the address, for example `https://accounts.google.com` or `https://github.com/login/oauth`. */
  readonly issuer: string;
}

const serviceAccount: Check = (field) => {
  const address = field.text();
  if (address !== undefined && !/^[a-z0-9][a-z0-9._-]*@(?:[a-z0-9-]+\.)+gserviceaccount\.com$/.test(address)) {
    field.problem(`is ${JSON.stringify(address)}, which is not the address of a service account: write NAME@PROJECT.iam.gserviceaccount.com,`
      + ' or use KeylessAttestor.email for a person');
  }
};

const personalAddress: Check = (field) => {
  const address = field.text();
  if (address !== undefined && !/^[^\s@:/]+@[^\s@:/]+\.[^\s@:/]+$/.test(address)) {
    field.problem(`is ${JSON.stringify(address)}, which is not an e-mail address: write it in full, for example ada@acme.example`);
  }
};

const GOOGLE_SERVICE_ACCOUNT: Properties<GoogleServiceAccountProps> = { ...KEYLESS_OPTIONS, email: required(serviceAccount) };

const EMAIL: Properties<EmailProps> = { ...KEYLESS_OPTIONS, email: required(personalAddress), issuer: required(inDocument) };

const PROPERTIES: Properties<KeylessAttestorProps> = {
  ...KEYLESS_OPTIONS,
  issuer: required(inDocument),
  subject: required(inDocument),
  subjectRefs: optional(list(refPattern, { named: true })),
  claims: optional(claims),
};

/**
 * Vouches with a short-lived certificate for one exact identity; no key to keep.
 *
 * @example
 *
 * const release = KeylessAttestor.githubWorkflow(this, 'release', {
 *   repository: 'acme/payments',
 *   workflow: '.github/workflows/release.yml',
 *   ref: 'refs/heads/main',
 * });
 */
export class KeylessAttestor extends Attestor {
  /**
   * A workflow of a GitHub repository that was started as itself, at one of the refs you name, on GitHub's own runners.
   *
   * Bound in the certificate: the workflow with its ref (subject; with a single exact ref also .9 and, since it was not called by another
   * workflow, .18), the repository (.12), the ref when there is one (.14), the runner (.11), and the ids and the trigger that you give.
   *
   * @example
   *
   * KeylessAttestor.githubWorkflow(this, 'release', {
   *   repository: 'acme/payments',
   *   repositoryId: '501773211',
   *   workflow: '.github/workflows/release.yml',
   *   refs: ['refs/heads/main', 'refs/tags/v*'],
   * });
   */
  public static githubWorkflow(scope: Construct, id: string, props: GitHubWorkflowProps): KeylessAttestor {
    const identity = githubWorkflow(pathOf(scope, id), props);
    return new KeylessAttestor(scope, id, { ...options(props), ...identity });
  }

  /**
   * A reusable GitHub workflow, pinned to a tag or commit, when a repository you name calls it.
   *
   * The subject of such a certificate is the reusable workflow, whoever calls it: the caller is bound by .12, and by .14, .15, .17 and .18
   * as far as you say.
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
  public static githubReusableWorkflow(scope: Construct, id: string, props: GitHubReusableWorkflowProps): KeylessAttestor {
    const identity = githubReusableWorkflow(pathOf(scope, id), props);
    return new KeylessAttestor(scope, id, { ...options(props), ...identity });
  }

  /**
   * The pipeline of a GitLab project at one of the refs you name.
   *
   * @example
   *
   * KeylessAttestor.gitlabPipeline(this, 'release', { project: 'acme/payments', ref: 'refs/heads/main' });
   */
  public static gitlabPipeline(scope: Construct, id: string, props: GitLabPipelineProps): KeylessAttestor {
    const identity = gitlabPipeline(pathOf(scope, id), props);
    return new KeylessAttestor(scope, id, { ...options(props), ...identity });
  }

  /**
   * A Google Cloud service account.
   *
   * @example
   *
   * KeylessAttestor.googleServiceAccount(this, 'builder', { email: 'builder@acme-prod.iam.gserviceaccount.com' });
   */
  public static googleServiceAccount(scope: Construct, id: string, props: GoogleServiceAccountProps): KeylessAttestor {
    requireProperties(pathOf(scope, id), props, GOOGLE_SERVICE_ACCOUNT);
    return new KeylessAttestor(scope, id, { ...options(props), issuer: 'https://accounts.google.com', subject: props.email });
  }

  /**
   * A person, by the address that an identity provider vouches for.
   *
   * @example
   *
   * KeylessAttestor.email(this, 'release-manager', { email: 'ada@acme.example', issuer: 'https://accounts.google.com' });
   */
  public static email(scope: Construct, id: string, props: EmailProps): KeylessAttestor {
    requireProperties(pathOf(scope, id), props, EMAIL);
    return new KeylessAttestor(scope, id, { ...options(props), issuer: props.issuer, subject: props.email });
  }

  /** @internal */
  public readonly _document: KeylessAttestorDocument;

  /** @internal */
  public readonly _trustRoot: TrustRoot;

  constructor(scope: Construct, id: string, props: KeylessAttestorProps) {
    super(scope, id);
    requireProperties(this.node.path, props, PROPERTIES);
    this._trustRoot = props.trustRoot ?? TrustRoot.publicGood();
    const transparency = props.transparency ?? this._trustRoot._transparency;
    this._document = defined<KeylessAttestorDocument>({
      type: 'keyless',
      issuer: props.issuer,
      subject: props.subjectRefs === undefined ? props.subject : { workflow: props.subject, refs: props.subjectRefs },
      certificate: claimsDocument(props.claims),
      trustRoot: this._trustRoot.name,
      transparency: transparency && transparencyDocument(transparency),
    });
    refuseAttestor(this.node.path, this.name, this._document);
    EnforcementRoll.of(this).expectUse(this);
  }
}

function options(props: KeylessOptions): KeylessOptions {
  return defined<KeylessOptions>({ trustRoot: props.trustRoot, transparency: props.transparency });
}
