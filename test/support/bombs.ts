import { gzipSync } from 'node:zlib';
import { faults, TestRegistry } from './registry';
import { bundleBytes, githubRun, SigstoreWorld, signStatement } from './sigstore';

/** Pushes images of which nobody signed any, and whose evidence costs as much as it can. @returns their references */
export function pushBombs(registry: TestRegistry, world: SigstoreWorld): string[] {
  const image = (name: string, arm: (digest: string) => Uint8Array | undefined): string => {
    const digest = registry.pushImage(`acme/bomb-${name}`, name);
    const bytes = arm(digest);
    if (bytes !== undefined) {
      registry.attach(`acme/bomb-${name}`, digest, bytes);
    }
    return `${registry.host}/acme/bomb-${name}@${digest}`;
  };
  registry.fault(/acme\/bomb-endless\/referrers/, faults.endless());
  return [
    image('large', () => Buffer.from(JSON.stringify({ mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json', junk: Array.from({ length: 190_000 }, (_, index) => `${index}${'x'.repeat(38)}`) }))),
    image('deep', () => Buffer.from(`{"a":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`)),
    image('packed', () => gzipSync(Buffer.alloc(64 * 1024 * 1024))),
    image('endless', () => undefined),
    image('slow', (digest) => {
      const bundle = world.signKeyless(githubRun(), signStatement(digest));
      // Octet strings that begin like an element longer than they are (test/verifier/sigstore/asn1.test.ts).
      const octets = Buffer.concat(Array.from({ length: 5_000 }, () => Buffer.from([0x04, 4, 0x30, 0x7f, 0x30, 0x7f])));
      bundle.verificationMaterial.certificate = { rawBytes: Buffer.concat([Buffer.from([0x30, 0x82, octets.length >> 8, octets.length & 0xff]), octets]).toString('base64') };
      return bundleBytes(bundle);
    }),
  ];
}
