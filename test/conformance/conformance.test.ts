import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decide } from '../../lib/decide/decide';
import { ReasonCode } from '../../lib/decide/reason';
import { Verdict } from '../../lib/decide/verdict';
import { parseReference } from '../../lib/kubernetes/reference';
import { Attestor, Requirement } from '../../lib/policy/document';
import { PolicySet } from '../../lib/policy/normal';
import { policySet } from '../../lib/policy/policy-set';
import { DocumentError, parseDocument } from '../../lib/policy/validate';
import { startDeadline } from '../../lib/verifier/deadline';
import { OciRegistry } from '../../lib/verifier/registry';
import { loadTrustRoots, TrustRootError } from '../../lib/verifier/sigstore';
import { TrustStore, verifyEvidence } from '../../lib/verifier/sigstore/verify-evidence';
import { TestRegistry } from '../support/registry';

const VECTORS = join(__dirname, 'vectors');
const BEACON = 'https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main';
const REPOSITORY = 'acme/artifact';
const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';

/** Why each vector that must fail is refused; a refusal for any other reason proves nothing. */
const REASON: { readonly [vector: string]: ReasonCode | 'TRUST_ROOT' | 'POLICY' } = {
  'bundle-empty-certificate-chain_fail': 'MALFORMED',
  'bundle-from-wrong-instance_fail': 'UNTRUSTED_CERTIFICATE',
  'bundle-invalid-base64-signature_fail': 'MALFORMED',
  'bundle-malformed-json_fail': 'MALFORMED',
  'bundle-negative-log-index_fail': 'MALFORMED',
  'bundle-unknown-version_fail': 'MALFORMED',
  'bundle-with-root-cert_fail': 'MALFORMED',
  'checkpoint-bad-keyhint_fail': 'NO_TRANSPARENCY',
  'checkpoint-wrong-roothash_fail': 'NO_TRANSPARENCY',
  'dsse-invalid-sig_fail': 'INVALID_SIGNATURE',
  'dsse-mismatch-envelope_fail': 'NO_TRANSPARENCY',
  'dsse-mismatch-sig_fail': 'NO_TRANSPARENCY',
  'inclusion-proof-corrupted-hash_fail': 'NO_TRANSPARENCY',
  'incorrect-public-key_fail': 'NO_TRANSPARENCY',
  'integrated-time-in-future_fail': 'UNTRUSTED_CERTIFICATE',
  'intoto-expired-certificate_fail': 'UNTRUSTED_CERTIFICATE',
  'intoto-log-entry-mismatch_fail': 'NO_TRANSPARENCY',
  'intoto-missing-inclusion-proof_fail': 'MALFORMED',
  'intoto-set-outside-signing-cert-validity_fail': 'UNTRUSTED_CERTIFICATE',
  'intoto-tsa-timestamp-outside-cert-validity_fail': 'UNTRUSTED_CERTIFICATE',
  'invalid-checkpoint-signature_fail': 'NO_TRANSPARENCY',
  'invalid-ct-key_fail': 'NO_TRANSPARENCY',
  // The old proof has no checkpoint.
  'invalid-inclusion-proof_fail': 'MALFORMED',
  'managed-key-no-key_fail': 'WRONG_IDENTITY',
  // The key is none: base64 that is cut short, so that no policy can name it.
  'managed-key-wrong-key_fail': 'POLICY',
  'message-digest-mismatch_fail': 'WRONG_SUBJECT',
  'rekor2-checkpoint-missing-log-signature_fail': 'NO_TRANSPARENCY',
  'rekor2-checkpoint-missing-origin_fail': 'NO_TRANSPARENCY',
  'rekor2-checkpoint-missing-root-hash_fail': 'NO_TRANSPARENCY',
  'rekor2-checkpoint-missing-size_fail': 'NO_TRANSPARENCY',
  'rekor2-checkpoint-no-matching-signature_fail': 'NO_TRANSPARENCY',
  'rekor2-dsse-invalid-sig_fail': 'INVALID_SIGNATURE',
  'rekor2-dsse-mismatch-envelope_fail': 'NO_TRANSPARENCY',
  'rekor2-dsse-mismatch-sig_fail': 'NO_TRANSPARENCY',
  'rekor2-no-inclusion-proof_fail': 'MALFORMED',
  'rekor2-no-timestamp_fail': 'NO_TRUSTED_TIME',
  'rekor2-timestamp-outside-trust-root-tsa-validity_fail': 'NO_TRUSTED_TIME',
  'rekor2-timestamp-outside-tsa-cert-validity_fail': 'NO_TRUSTED_TIME',
  'rekor2-timestamp-payload-mismatch_fail': 'NO_TRUSTED_TIME',
  'rekor2-timestamp-untrusted-tsa-with-embedded-cert_fail': 'NO_TRUSTED_TIME',
  'rekor2-timestamp-untrusted-tsa-without-embedded-cert_fail': 'NO_TRUSTED_TIME',
  // Its timestamp is base64 with line breaks; read otherwise, it lies outside of the certificate's validity.
  'rekor2-timestamp-with-incorrect-time_fail': 'MALFORMED',
  'set-invalid-signature_fail': 'NO_TRANSPARENCY',
  'signature-mismatch_fail': 'INVALID_SIGNATURE',
  'trust-root-tlog-missing-validity-start_fail': 'TRUST_ROOT',
  'wrong-hashedrekord-artifact_fail': 'NO_TRANSPARENCY',
  'wrong-hashedrekord-cert-and-sig_fail': 'NO_TRANSPARENCY',
  'wrong-hashedrekord-entry_fail': 'NO_TRANSPARENCY',
  'wrong-material_fail': 'WRONG_SUBJECT',
};

const vectors = readdirSync(VECTORS, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
const registry = TestRegistry.start();
afterAll(async () => (await registry).close());

interface Vector {
  readonly artifact: Buffer;
  readonly bundle: Buffer;
  /** What the bundle is attached as: its own type, where that is one. */
  readonly mediaType: string;
  readonly set: PolicySet;
  readonly store: TrustStore;
}

/** @throws TrustRootError */
function read(name: string, host: string): Vector {
  const folder = join(VECTORS, name);
  const tryRead = (file: string): Buffer | undefined => (existsSync(join(folder, file)) ? readFileSync(join(folder, file)) : undefined);
  const bundle = readFileSync(join(folder, 'bundle.sigstore.json'));
  const { mediaType, dsseEnvelope } = looseBundle(bundle);
  const root = tryRead('trusted_root.json')?.toString();
  const key = tryRead('key.pub')?.toString();
  const attestor: Attestor = key === undefined
    ? { type: 'keyless', issuer: tryRead('issuer')?.toString().trim() ?? 'https://token.actions.githubusercontent.com', subject: tryRead('identity')?.toString().trim() ?? BEACON, trustRoot: 'vector' }
    : { type: 'key', publicKey: key, trustRoot: 'vector' };
  const requirement: Requirement = dsseEnvelope === undefined
    ? { type: 'signature', name: 'proof', attestors: ['signer'] }
    : { type: 'attestation', name: 'proof', attestors: ['signer'], predicateType: (JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString()) as { predicateType: string }).predicateType };
  const roots = loadTrustRoots(root === undefined ? [] : [{ name: 'vector', json: root }]);
  return {
    artifact: tryRead('artifact') ?? readFileSync(join(VECTORS, 'a.txt')),
    bundle,
    mediaType: mediaType !== undefined && /version=0\.[123]$|v0\.3\+json$/.test(mediaType) ? mediaType : BUNDLE,
    set: policySet([parseDocument({
      apiVersion: 'proofgate.dev/v1', kind: 'ImagePolicy', metadata: { name: 'conformance' },
      spec: { images: [`${host}/acme/**`], attestors: { signer: attestor }, requirements: [requirement] },
    })]),
    store: new TrustStore(roots.map(({ name: given, json }) => ({ name: given === 'sigstore' && root === undefined ? 'vector' : given, json }))),
  };
}

/** For building the policy only; what is judged are the bytes. */
function looseBundle(bundle: Buffer): { readonly mediaType?: string; readonly dsseEnvelope?: { readonly payload: string } } {
  try {
    return JSON.parse(bundle.toString()) as ReturnType<typeof looseBundle>;
  } catch {
    return {};
  }
}

/** What is judged: the bytes themselves, as from a file, or a digest whose bytes and bundle a registry has. */
const WAYS: { readonly [way: string]: (vector: Vector, host: string) => Promise<Verdict> } = {
  path: ({ artifact, bundle, mediaType, set, store }, host) => {
    const digest = digestOf(artifact);
    const attestors = set.policies.flatMap((policy) => Object.values(policy.attestors));
    const evidence = verifyEvidence({ bundles: [{ digest: digestOf(bundle), mediaType, bytes: bundle }], unsupported: [], artifact }, attestors, store);
    return Promise.resolve(decide({ set, reference: parseReference(`${host}/${REPOSITORY}@${digest}`), digest, namespace: { name: 'default' }, evidence, content: { status: 'unread' }, now: Date.now() }));
  },
  digest: async ({ artifact, bundle, mediaType, set, store }, host) => {
    const served = await registry;
    const client = new OciRegistry(new Map([[host, { plainHttp: true }]]));
    const deadline = startDeadline(60_000);
    const digest = served.repository(REPOSITORY).pushManifest(artifact);
    const attached = served.attach(REPOSITORY, digest, bundle, { artifactType: mediaType });
    const reference = parseReference(`${host}/${REPOSITORY}@${digest}`);
    try {
      const attestors = set.policies.flatMap((policy) => Object.values(policy.attestors));
      const evidence = await client.bundles(reference, digest, deadline, (bundles) => Promise.resolve(verifyEvidence(bundles, attestors, store)));
      return decide({ set, reference, digest, namespace: { name: 'default' }, evidence, content: { status: 'unread' }, now: Date.now() });
    } finally {
      served.repository(REPOSITORY).remove(attached);
      deadline.done();
      client.close();
    }
  },
};

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** `allowed`, the reason, or what cannot be used: the trust root or the policy. */
async function outcome(name: string, way: string): Promise<string> {
  const { host } = await registry;
  try {
    const { allowed, reasons } = await WAYS[way]!(read(name, host), host);
    return allowed ? 'allowed' : reasons.map(({ code }) => code).join(' ');
  } catch (error) {
    if (error instanceof TrustRootError || error instanceof DocumentError) {
      return error instanceof TrustRootError ? 'TRUST_ROOT' : 'POLICY';
    }
    throw error;
  }
}

test('all vectors are there, and each that must fail has a reason', () => {
  expect(vectors).toHaveLength(70);
  expect(Object.keys(REASON).sort()).toEqual(vectors.filter((name) => name.endsWith('_fail')).sort());
});

describe.each(Object.keys(WAYS))('by %s', (way) => {
  test.each(vectors)('%s', async (name) => {
    expect(await outcome(name, way)).toBe(name.endsWith('_fail') ? REASON[name] : 'allowed');
  });
});
