import { generateKeyPairSync } from 'node:crypto';
import { CertificateAttestor, ImageDenyList, ImageExemption, ImagePolicy, KeyAttestor, KeylessAttestor } from '../../lib/policy/document';
import { pemOf } from '../support/sigstore/certificate';
import { CertificateAuthority } from '../support/sigstore/certificate-authority';

export const DIGEST = `sha256:${'a1'.repeat(32)}`;
export const OTHER_DIGEST = `sha256:${'b2'.repeat(32)}`;

/** Two keys; made anew, since no test depends on which. */
export const PUBLIC_KEY = newPublicKey();
export const OTHER_PUBLIC_KEY = newPublicKey();

/** Root and intermediate of two authorities. */
export const AUTHORITY = newAuthority('acme.test');
export const OTHER_AUTHORITY = newAuthority('other.test');

export const keyless: KeylessAttestor = {
  type: 'keyless',
  issuer: 'https://token.actions.githubusercontent.com',
  subject: 'https://github.com/acme/payments/.github/workflows/release.yml@refs/heads/main',
  trustRoot: 'sigstore',
};

export const key: KeyAttestor = { type: 'key', publicKey: PUBLIC_KEY };

export const certificate: CertificateAttestor = { type: 'certificate', authority: AUTHORITY, subject: 'https://ci.acme.test/release' };

/** The smallest policy. */
export const smallPolicy: ImagePolicy = {
  apiVersion: 'proofgate.dev/v1',
  kind: 'ImagePolicy',
  metadata: { name: 'payments' },
  spec: {
    images: ['ghcr.io/acme/payments/**'],
    attestors: { release: keyless },
    requirements: [{ type: 'signature', name: 'signature', attestors: ['release'] }],
  },
};

/** A policy with every field written. */
export const fullPolicy: ImagePolicy = {
  apiVersion: 'proofgate.dev/v1',
  kind: 'ImagePolicy',
  metadata: { name: 'payments-full' },
  spec: {
    images: ['ghcr.io/acme/payments/**', 'reg.test:5000/acme/app-*', 'docker.io/library/nginx'],
    namespaces: { labels: { 'team': 'payments', 'kubernetes.io/metadata.name': 'payments' } },
    action: { type: 'Audit', reason: 'the old images are being replaced', owner: 'team-payments@acme.test', until: '2030-01-31' },
    tags: 'deny',
    attestors: {
      release: {
        type: 'keyless',
        issuer: 'https://token.actions.githubusercontent.com',
        subject: { workflow: 'https://github.com/acme/payments/.github/workflows/release.yml', refs: ['refs/heads/main', 'refs/tags/v*'] },
        certificate: {
          buildSignerUri: 'https://github.com/acme/payments/.github/workflows/release.yml@refs/heads/main',
          buildSignerDigest: '0'.repeat(39) + '1',
          runnerEnvironment: 'github-hosted',
          sourceRepositoryUri: 'https://github.com/acme/payments',
          sourceRepositoryDigest: 'a'.repeat(40),
          sourceRepositoryRef: 'refs/heads/main',
          sourceRepositoryId: '123456',
          sourceRepositoryOwnerUri: 'https://github.com/acme',
          sourceRepositoryOwnerId: '42',
          buildConfigUri: 'https://github.com/acme/payments/.github/workflows/release.yml@refs/heads/main',
          buildConfigDigest: 'b'.repeat(64),
          buildTrigger: 'push',
          sourceRepositoryVisibility: 'private',
          workflowName: 'Release (prod) | what?',
        },
        topLevel: 'required',
        trustRoot: 'sigstore',
        transparency: { log: 'required', timestamp: 'notRequired', sct: 'required' },
      },
      hardware: {
        type: 'key',
        publicKey: PUBLIC_KEY,
        trustRoot: 'company',
        transparency: { log: 'notRequired', timestamp: 'required', reason: 'the log is not reachable from the vault' },
      },
    },
    requirements: [
      { type: 'signature', name: 'signature', attestors: ['release', 'hardware'], threshold: 2, annotations: { env: 'prod', approved: 'yes' }, multiPlatform: 'either', repository: 'required' },
      {
        type: 'attestation',
        name: 'provenance',
        attestors: ['release'],
        threshold: 1,
        multiPlatform: 'child',
        repository: 'notRequired',
        predicateType: 'https://slsa.dev/provenance/v1',
        checks: {
          type: 'slsa-provenance',
          source: 'https://github.com/acme/payments',
          sourceRefs: ['refs/heads/main'],
          builderIds: ['https://github.com/actions/runner/github-hosted'],
          buildTypes: ['https://actions.github.io/buildtypes/workflow/v1'],
          level: 2,
          externalParameters: { inputs: { level: [1, true, null, 'x'] } },
        },
      },
    ],
  },
};

/** An exemption with every field written. */
export const exemption: ImageExemption = {
  apiVersion: 'proofgate.dev/v1',
  kind: 'ImageExemption',
  metadata: { name: 'broker' },
  spec: {
    image: 'reg.test/vendor/broker',
    digests: [DIGEST, OTHER_DIGEST],
    namespaces: { names: ['broker', 'staging'] },
    reason: 'the vendor does not sign yet',
    owner: 'team-broker',
    until: '2030-06-30T12:00:00+02:00',
  },
};

/** A deny list with every field written. */
export const denyList: ImageDenyList = {
  apiVersion: 'proofgate.dev/v1',
  kind: 'ImageDenyList',
  metadata: { name: 'leaked' },
  spec: {
    reason: 'the release key leaked',
    owner: 'security@acme.test',
    digests: [DIGEST, OTHER_DIGEST],
    signers: [
      { subject: 'https://github.com/acme/app/.github/workflows/old.yml@refs/heads/main', issuer: 'https://token.actions.githubusercontent.com', signed: { from: '2026-01-01', until: '2026-02-01' } },
      { subject: 'mallory@acme.test' },
    ],
    certificates: [`sha256:${'c3'.repeat(32)}`],
    keys: [`sha256:${'d4'.repeat(32)}`],
    namespaces: { names: ['shop', 'bank'] },
  },
};

/** A deep copy with another value at a place such as `spec.images.0`; the value may be anything. */
export function put(document: object, place: string, value: unknown): object {
  return edit(document, place, (parent, step) => {
    Object.defineProperty(parent, step, { value, enumerable: true, configurable: true, writable: true });
  });
}

/** A deep copy without what is at a place. */
export function without(document: object, place: string): object {
  return edit(document, place, (parent, step) => {
    if (!Reflect.deleteProperty(parent, step)) {
      throw new Error(`nothing to delete at ${place}`);
    }
  });
}

function edit(document: object, place: string, change: (parent: object, step: string) => void): object {
  const copy = structuredClone(document);
  const steps = place.split('.');
  const parent = steps.slice(0, -1).reduce<object>((value, step) => {
    const next: unknown = Reflect.get(value, step);
    if (typeof next !== 'object' || next === null) {
      throw new Error(`there is no ${step} on the way to ${place}`);
    }
    return next;
  }, copy);
  change(parent, steps[steps.length - 1] ?? '');
  return copy;
}

function newPublicKey(): string {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }).toString();
}

function newAuthority(name: string): string {
  return CertificateAuthority.create(name, new Date()).chain.map((der) => pemOf('CERTIFICATE', der)).join('');
}
