export const TRUST_ROOT = 'bench';

/** Signed by the release workflow of acme/app; nothing else. */
export function policyFor(registry: string): object {
  return policy('bench', `${registry}/acme/**`, {
    type: 'keyless',
    issuer: 'https://token.actions.githubusercontent.com',
    subject: 'https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main',
    trustRoot: TRUST_ROOT,
  });
}

/** Signed with one key, without log and timestamp. @param publicKey - PEM */
export function keyPolicyFor(registry: string, publicKey: string): object {
  return policy('keyed', `${registry}/keyed/**`, {
    type: 'key', publicKey, trustRoot: TRUST_ROOT, transparency: { log: 'notRequired', untimed: { reason: 'signed for a benchmark', owner: 'bench' } },
  });
}

function policy(name: string, images: string, signer: object): object {
  return {
    apiVersion: 'proofgate.dev/v1',
    kind: 'ImagePolicy',
    metadata: { name },
    spec: { images: [images], attestors: { signer }, requirements: [{ type: 'signature', name: 'signature', attestors: ['signer'] }] },
  };
}
