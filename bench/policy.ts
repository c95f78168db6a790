export const TRUST_ROOT = 'bench';

/** Signed by the release workflow of acme/app; nothing else. */
export function policyFor(registry: string): object {
  return {
    apiVersion: 'proofgate.dev/v1',
    kind: 'ImagePolicy',
    metadata: { name: 'bench' },
    spec: {
      images: [`${registry}/acme/**`],
      attestors: {
        release: {
          type: 'keyless',
          issuer: 'https://token.actions.githubusercontent.com',
          subject: 'https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main',
          trustRoot: TRUST_ROOT,
        },
      },
      requirements: [{ type: 'signature', name: 'signature', attestors: ['release'] }],
    },
  };
}
