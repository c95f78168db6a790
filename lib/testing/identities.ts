import { AttestorPart } from '../authoring/attestor-part';
import { CertificateAttestorProps, certificateAttestor } from '../authoring/certificate';
import { GitHubReusableWorkflowProps } from '../authoring/github-reusable-workflow';
import { GitHubWorkflowProps } from '../authoring/github-workflow';
import { GitLabPipelineProps } from '../authoring/gitlab-pipeline';
import { KeyAttestorProps, keyAttestor } from '../authoring/key';
import { EmailProps, GoogleServiceAccountProps, keylessAttestor, keylessIdentities } from '../authoring/keyless';
import { KeylessAttestorProps } from '../authoring/keyless-options';
import { TrustRoot } from '../authoring/trust-root';
import { Attestor } from '../policy/document';

/**
 * Whoever signs: an attestor of a chart or a Pulumi program, or an identity of the kit.
 *
 * @example
 *
 * const signers: Signer[] = [release, githubWorkflow({ repository: 'acme/app', workflow: '.github/workflows/release.yml', ref: 'refs/heads/main' })];
 */
export interface Signer {
  /** @internal */
  readonly _document: Attestor;
  /** @internal */
  readonly _trustRoot?: TrustRoot;
}

/**
 * An identity that a test spells out, so that a mistake in the attestor of a policy shows.
 *
 * @example
 *
 * const mallory: Identity = email({ email: 'mallory@elsewhere.example', issuer: 'https://accounts.google.com' });
 */
export class Identity implements Signer {
  /** @internal */
  constructor(public readonly _document: Attestor, public readonly _trustRoot: TrustRoot) {}
}

/**
 * A workflow of a GitHub repository; the properties and defaults are those of `KeylessAttestor.githubWorkflow`.
 *
 * @example
 *
 * const release = githubWorkflow({ repository: 'acme/payments', workflow: '.github/workflows/release.yml', ref: 'refs/heads/main' });
 */
export function githubWorkflow(props: GitHubWorkflowProps): Identity {
  return identity(keylessIdentities.githubWorkflow('githubWorkflow', props));
}

/**
 * A reusable workflow that a repository calls; the properties are those of `KeylessAttestor.githubReusableWorkflow`.
 *
 * @example
 *
 * const builder = githubReusableWorkflow({
 *   workflowRepository: 'acme/build-workflows', workflow: '.github/workflows/container.yml', ref: 'refs/tags/v2.1.0',
 *   callerRepository: 'acme/payments', callerRef: 'refs/heads/main',
 * });
 */
export function githubReusableWorkflow(props: GitHubReusableWorkflowProps): Identity {
  return identity(keylessIdentities.githubReusableWorkflow('githubReusableWorkflow', props));
}

/**
 * The pipeline of a GitLab project; the properties are those of `KeylessAttestor.gitlabPipeline`.
 *
 * @example
 *
 * const pipeline = gitlabPipeline({ project: 'acme/payments', ref: 'refs/heads/main' });
 */
export function gitlabPipeline(props: GitLabPipelineProps): Identity {
  return identity(keylessIdentities.gitlabPipeline('gitlabPipeline', props));
}

/**
 * A Google Cloud service account.
 *
 * @example
 *
 * const builder = googleServiceAccount({ email: 'builder@acme-prod.iam.gserviceaccount.com' });
 */
export function googleServiceAccount(props: GoogleServiceAccountProps): Identity {
  return identity(keylessIdentities.googleServiceAccount('googleServiceAccount', props));
}

/**
 * A person, by the address that an identity provider vouches for.
 *
 * @example
 *
 * const mallory = email({ email: 'mallory@elsewhere.example', issuer: 'https://accounts.google.com' });
 */
export function email(props: EmailProps): Identity {
  return identity(keylessIdentities.email('email', props));
}

/**
 * Any identity in a certificate of Fulcio, claim by claim.
 *
 * @example
 *
 * const builder = identity({ issuer: 'https://dex.corp.example', subject: 'builder@corp.example' });
 */
export function identity(props: KeylessAttestorProps): Identity {
  return identityOf(keylessAttestor('identity', 'identity', props));
}

/**
 * The holder of a public key; nobody needs its private half, since nothing is signed.
 *
 * @example
 *
 * const vendor = publicKey({ publicKey: readFileSync('keys/vendor.pub', 'utf8') });
 */
export function publicKey(props: KeyAttestorProps): Identity {
  return identityOf(keyAttestor('publicKey', 'publicKey', props));
}

/**
 * The holder of a certificate that an authority of your own issued.
 *
 * @example
 *
 * const ci = certificate({ authority: readFileSync('pki/chain.pem', 'utf8'), subject: 'https://ci.acme.example/release' });
 */
export function certificate(props: CertificateAttestorProps): Identity {
  return identityOf(certificateAttestor('certificate', 'certificate', props));
}

/**
 * Somebody whom no policy should name: a person with a genuine certificate of the public instance, as anybody gets one.
 *
 * @example
 *
 * expect(chart).toRefuse('ghcr.io/acme/payments/api:v1', 'WRONG_IDENTITY', signedBy(stranger()));
 */
export function stranger(): Identity {
  return email({ email: 'mallory@stranger.example', issuer: 'https://accounts.google.com' });
}

function identityOf({ document, trustRoot }: AttestorPart): Identity {
  return new Identity(document, trustRoot);
}

/** The attestor that a signer is. @throws Error for what is none */
export function attestorOf(signer: Signer): Attestor {
  const document = (signer as Partial<Signer> | undefined)?._document;
  if (document === undefined || !['keyless', 'key', 'certificate'].includes(document.type)) {
    throw new Error('a signer is an attestor (KeylessAttestor, KeyAttestor, CertificateAttestor) or an identity of the kit, such as what githubWorkflow({ … }) returns');
  }
  return document;
}
