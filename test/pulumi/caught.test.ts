import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import {
  AttestationRequirement, CertificateAttestor, DenyList, Exemption, KeyAttestor, KeylessAttestor, SignedImagePolicy, SignedImagePolicyArgs, TrustRoot, WebhookVerifier,
} from '../../lib/pulumi';
import { AUTHORITY } from '../policy/documents';
import { register } from './world';

// The peers are large, and a busy machine loads them slowly.
jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'proofgate-'));
const KEY = join(folder, 'cosign.pub');
writeFileSync(KEY, generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }));

const CHAIN = join(folder, 'chain.pem');
writeFileSync(CHAIN, AUTHORITY);
const TRUSTED_ROOT = 'examples/private-sigstore/sigstore/trusted_root.json';

const NEXT_MONTH = new Date(Date.now() + 30 * 86_400_000);
const DIGESTS = [`sha256:${'8'.repeat(64)}`];

const keyless = (name: string, issuer = 'https://id.acme.example'): KeylessAttestor => new KeylessAttestor(name, { issuer, subject: 'release@acme.example' });
const policy = (args: Partial<SignedImagePolicyArgs> = {}): SignedImagePolicy => (
  new SignedImagePolicy('payments', { images: ['ghcr.io/acme/payments'], attestors: args.attestors ?? [keyless('release')], ...args })
);

/** A program that makes one thing soundly or not, and then what uses it. */
type Make = (sound: boolean) => void;

const MADE: readonly (readonly [what: string, make: Make])[] = [
  ['SignedImagePolicy', (sound) => {
    new SignedImagePolicy('more', { images: [sound ? 'ghcr.io/acme/more' : 'ghcr.io/acme*'], attestors: [keyless('other')] });
  }],
  ['Exemption', (sound) => {
    new Exemption('more', { image: 'docker.io/vendor/agent', digests: sound ? DIGESTS : ['latest'], reason: 'not signed yet', owner: 'platform', until: NEXT_MONTH });
    policy();
  }],
  ['DenyList', (sound) => {
    new DenyList('more', { reason: 'Leaked', owner: 'security', digests: sound ? DIGESTS : ['latest'] });
    policy();
  }],
  ['WebhookVerifier', (sound) => {
    policy({ engine: new WebhookVerifier('more', { name: sound ? 'more' : 'More' }) });
  }],
  ['KeylessAttestor', (sound) => {
    policy({ attestors: [keyless('more', sound ? 'https://id.acme.example' : 'id')] });
  }],
  ['KeylessAttestor of a factory', (sound) => {
    policy({ attestors: [KeylessAttestor.email('more', { issuer: 'https://id.acme.example', email: sound ? 'release@acme.example' : 'release' })] });
  }],
  ['KeyAttestor of a file', (sound) => {
    policy({ attestors: [KeyAttestor.fromFile('more', { file: sound ? KEY : '/nowhere.pub' })] });
  }],
  ['CertificateAttestor of a file', (sound) => {
    policy({ attestors: [CertificateAttestor.fromFile('more', { file: sound ? CHAIN : '/nowhere.pem', subject: 'https://ci.acme.example/release' })] });
  }],
  ['AttestationRequirement', (sound) => {
    policy({ requirements: [new AttestationRequirement('more', { attestors: [keyless('other')], predicateType: sound ? 'https://acme.example/review/v1' : '' })] });
  }],
  ['TrustRoot of a file', (sound) => {
    const trustRoot = TrustRoot.pinned('more', { file: sound ? TRUSTED_ROOT : '/nowhere.json' });
    policy({ attestors: [new KeylessAttestor('release', { issuer: 'https://id.acme.example', subject: 'release@acme.example', trustRoot })] });
  }],
];

/** What is logged as an error, each of which fails a run, of a program that goes on whatever was refused. */
async function saidOf(make: Make, sound: boolean): Promise<string[]> {
  const said = jest.spyOn(pulumi.log, 'error').mockImplementation(async () => undefined);
  try {
    await register(() => {
      try {
        make(sound);
      } catch {
        // As a program does that goes on all the same.
      }
    });
    return said.mock.calls.map(([message]) => message);
  } finally {
    said.mockRestore();
  }
}

test.each(MADE)('what is wrong with a %s fails the run, also where the program catches the error', async (_what, make) => {
  expect(await saidOf(make, false)).toEqual([expect.stringMatching(/^\[[A-Z_]+\] more: /)]);
});

test.each(MADE)('a sound %s does not', async (_what, make) => {
  expect(await saidOf(make, true)).toEqual([]);
});
