import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Attestor, CertificateClaims, ImagePolicy, Transparency } from '../../lib/policy/document';
import { pemOf } from '../support/sigstore/certificate';

/** The neutral policy of a check in the corpus. */
export interface CorpusPolicy {
  readonly kind: 'signature' | 'attestation';
  readonly trustedRoot: string;
  readonly mode: 'keyless' | 'key';
  readonly subject?: string;
  readonly issuer?: string;
  /** Any issuer, or none at all. */
  readonly issuerRegExp?: '.*';
  readonly key?: string;
  readonly predicateType?: string;
  readonly github?: { readonly repository?: string; readonly ref?: string; readonly sha?: string; readonly trigger?: string; readonly name?: string };
  readonly annotations?: { readonly [name: string]: string };
  readonly ignoreTlog?: boolean;
  readonly ignoreSCT?: boolean;
  readonly useSignedTimestamps?: boolean;
}

/** Checks that want an allow where the table of attacks wants a denial, and why the denial stands. */
export const CONTRARY: { readonly [check: string]: string } = {
  'st-two-algs/ok': 'E02: its subject names, beside the right sha256, a sha512 that is not the image\'s, so that it is about nothing',
};

const SAID = 'the check of the corpus says so';

/** The same policy as a document of ours. */
export function documentOf(policy: CorpusPolicy, registry: string, folder: string): ImagePolicy {
  const attestor = policy.mode === 'key' ? keyAttestor(policy, folder) : policy.issuerRegExp === undefined ? keylessAttestor(policy) : certificateAttestor(policy, folder);
  const requirement = policy.kind === 'signature'
    ? { type: 'signature' as const, name: 'proof', attestors: ['signer'], ...(policy.annotations === undefined ? {} : { annotations: policy.annotations }) }
    : { type: 'attestation' as const, name: 'proof', attestors: ['signer'], predicateType: policy.predicateType ?? '' };
  return {
    apiVersion: 'proofgate.dev/v1',
    kind: 'ImagePolicy',
    metadata: { name: 'corpus' },
    spec: { images: [`${registry}/c/**`], attestors: { signer: attestor }, requirements: [requirement] },
  };
}

function keyAttestor(policy: CorpusPolicy, folder: string): Attestor {
  return { type: 'key', publicKey: readFileSync(join(folder, policy.key ?? ''), 'utf8'), trustRoot: 'corpus', ...transparency(policy) };
}

/** A certificate that no issuer of identities stands behind; the authorities are those of the trusted root. */
function certificateAttestor({ ignoreSCT: _, ...policy }: CorpusPolicy, folder: string): Attestor {
  const { certificateAuthorities } = JSON.parse(readFileSync(join(folder, 'trust', policy.trustedRoot), 'utf8')) as {
    readonly certificateAuthorities: ReadonlyArray<{ readonly certChain: { readonly certificates: ReadonlyArray<{ readonly rawBytes: string }> } }>;
  };
  const authority = certificateAuthorities.flatMap(({ certChain }) => certChain.certificates)
    .map(({ rawBytes }) => pemOf('CERTIFICATE', Buffer.from(rawBytes, 'base64'))).join('');
  return { type: 'certificate', authority, subject: policy.subject ?? '', trustRoot: 'corpus', ...transparency(policy) };
}

function keylessAttestor(policy: CorpusPolicy): Attestor {
  const { repository, ref, sha, trigger, name } = policy.github ?? {};
  const certificate: CertificateClaims = {
    ...(repository === undefined ? {} : { sourceRepositoryUri: `https://github.com/${repository}` }),
    ...(ref === undefined ? {} : { sourceRepositoryRef: ref }),
    ...(sha === undefined ? {} : { sourceRepositoryDigest: sha }),
    ...(trigger === undefined ? {} : { buildTrigger: trigger }),
    ...(name === undefined ? {} : { workflowName: name }),
  };
  return {
    type: 'keyless', issuer: policy.issuer ?? '', subject: policy.subject ?? '', trustRoot: 'corpus',
    ...(Object.keys(certificate).length === 0 ? {} : { certificate }), ...transparency(policy, false),
  };
}

function transparency(policy: CorpusPolicy, isUntimed = policy.ignoreTlog === true && policy.useSignedTimestamps !== true): { transparency?: Transparency } {
  if (policy.ignoreTlog !== true && policy.ignoreSCT !== true) {
    return {};
  }
  return {
    transparency: {
      ...(isUntimed ? { untimed: { reason: SAID, owner: 'the corpus' } } : { reason: SAID }),
      ...(policy.ignoreTlog === true ? { log: 'notRequired' } : {}),
      ...(policy.ignoreSCT === true ? { sct: 'notRequired' } : {}),
      ...(policy.useSignedTimestamps === true ? { timestamp: 'required' } : {}),
    },
  };
}
