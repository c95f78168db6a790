import { Json } from './document';

/** A value that each property could have whose form its name does not say; the same in documents and constructs. */
const EXAMPLES: { readonly [property: string]: Json } = {
  callerRepository: 'acme/payments',
  digests: ['sha256:8d4b1c6a4a6f4f7c2f9a1de5dd8f0b6f8be3c1d3c0c9b3f0f3a3a7e8b1d2c4e5'],
  image: 'docker.io/vendor/agent',
  images: ['ghcr.io/acme/payments/**'],
  issuer: 'https://accounts.google.com',
  owner: 'platform@acme.example',
  predicateType: 'https://spdx.dev/Document/v2.3',
  project: 'acme/payments',
  reason: 'Signing is being rolled out',
  ref: 'refs/heads/main',
  repository: 'acme/payments',
  repositoryId: '501773211',
  source: 'https://github.com/acme/payments',
  subject: 'release@acme.example',
  until: '2027-06-30',
  workflow: '.github/workflows/release.yml',
  workflowRepository: 'acme/build-workflows',
};

/** How a message goes on that asks for the property at the end of a path; empty where the name says enough. */
export function exampleOf(path: string): string {
  const [name = ''] = /[A-Za-z]+$/.exec(path) ?? [];
  return Object.hasOwn(EXAMPLES, name) ? `, for example ${JSON.stringify(EXAMPLES[name])}` : '';
}
