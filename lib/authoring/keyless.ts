import { KeylessAttestor } from '../policy/document';
import { AttestorPart, judged } from './attestor-part';
import { claims, claimsDocument } from './certificate-claims';
import { defined } from './defined';
import { GitHubReusableWorkflowProps, githubReusableWorkflow } from './github-reusable-workflow';
import { GitHubWorkflowProps, githubWorkflow } from './github-workflow';
import { GitLabPipelineProps, gitlabPipeline } from './gitlab-pipeline';
import { KEYLESS_OPTIONS, KeylessAttestorProps, KeylessIdentity, KeylessOptions, refPattern } from './keyless-options';
import { Names } from './place';
import { Check, inDocument, list, optional, Properties, required, requireProperties } from './properties';
import { demand, transparencyDocument } from './transparency';
import { TrustRoot } from './trust-root';

/**
 * The identity of a Google Cloud service account.
 *
 * @example
 *
 * KeylessAttestor.googleServiceAccount(this, 'builder', { email: 'builder@acme-prod.iam.gserviceaccount.com' });
 */
export interface GoogleServiceAccountProps extends KeylessOptions {
  /** For example `builder@acme-prod.iam.gserviceaccount.com`. */
  readonly email: string;
}

/**
 * The identity of a person who signs after logging in.
 *
 * @example
 *
 * KeylessAttestor.email(this, 'ada', { email: 'ada@acme.example', issuer: 'https://accounts.google.com' });
 */
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
  topLevel: demand,
};

/** What the factories of a keyless attestor make of their properties: those of an exact identity. */
export const keylessIdentities = {
  githubWorkflow: (path: string, props: GitHubWorkflowProps) => withOptions(props, githubWorkflow(path, props), props.ref === undefined ? SEVERAL_REFS : ONE_REF),
  githubReusableWorkflow: (path: string, props: GitHubReusableWorkflowProps) => withOptions(props, githubReusableWorkflow(path, props), { 'claims.sourceRepositoryRef': 'callerRef' }),
  gitlabPipeline: (path: string, props: GitLabPipelineProps) => withOptions(props, gitlabPipeline(path, props), ONE_REF),
  googleServiceAccount: (path: string, props: GoogleServiceAccountProps) => {
    requireProperties(path, props, GOOGLE_SERVICE_ACCOUNT);
    return withOptions(props, { issuer: 'https://accounts.google.com', subject: props.email });
  },
  email: (path: string, props: EmailProps) => {
    requireProperties(path, props, EMAIL);
    return withOptions(props, { issuer: props.issuer, subject: props.email });
  },
};

/** The attestor that an exact identity is. */
export function keylessAttestor(path: string, name: string, props: KeylessAttestorProps): AttestorPart<KeylessAttestor> {
  requireProperties(path, props, PROPERTIES);
  const trustRoot = props.trustRoot ?? TrustRoot.publicGood();
  const transparency = props.transparency ?? trustRoot._transparency;
  const document = defined<KeylessAttestor>({
    type: 'keyless',
    issuer: props.issuer,
    subject: props.subjectRefs === undefined ? props.subject : { workflow: props.subject, refs: props.subjectRefs },
    certificate: claimsDocument(props.claims),
    topLevel: props.topLevel,
    trustRoot: trustRoot.name,
    transparency: transparency && transparencyDocument(transparency),
  });
  return judged(path, name, { document, trustRoot, names: factoryNames.get(props) ?? {} });
}

function withOptions({ trustRoot, transparency }: KeylessOptions, identity: KeylessIdentity, names: Names = {}): KeylessAttestorProps {
  const props = { ...defined<KeylessOptions>({ trustRoot, transparency }), ...identity };
  factoryNames.set(props, names);
  return props;
}

/** What the program calls what a factory has made; beside the properties, which say nothing but who it is. */
const factoryNames = new WeakMap<KeylessAttestorProps, Names>();

const ONE_REF: Names = { 'subjectRefs[0]': 'ref', 'claims.sourceRepositoryRef': 'ref' };

const SEVERAL_REFS: Names = { 'subjectRefs': 'refs', 'claims.sourceRepositoryRef': 'refs[0]' };
