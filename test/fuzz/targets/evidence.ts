import { readFileSync } from 'node:fs';
import { policySet } from '../../../lib/policy/policy-set';
import { parseDocument } from '../../../lib/policy/validate';
import { TrustStore, verifyEvidence } from '../../../lib/verifier/sigstore/verify-evidence';
import { policyFor, TRUST_ROOT } from '../../../bench/policy';
import { Target } from '../fuzz';
import { JSON_TEXT } from '../json-mutations';
import { corpusBlobs } from '../seeds';

const store = new TrustStore([{ name: TRUST_ROOT, json: readFileSync('test/corpus/data/trust/trusted_root.json', 'utf8') }]);
const attestors = policySet([parseDocument(policyFor('reg.test'))]).policies.flatMap((policy) => Object.values(policy.attestors));
const seeds = corpusBlobs((text) => text.startsWith('{"mediaType":"application/vnd.dev.sigstore.bundle') && text.includes('"dsseEnvelope"') && verifies(Buffer.from(text, 'latin1')));
const signed = new Set(seeds.map((seed) => signedParts(seed)));

/** Whole verification of bundles of the corpus: whatever was changed, what verifies is what somebody signed. */
export const evidence: Target = {
  name: 'evidence',
  seeds,
  mutations: JSON_TEXT,
  // The whole cryptography, on a thread that is not warm.
  within: 1_000,
  judge: (input) => {
    if (!verifies(input)) {
      return 'refused';
    }
    if (!signed.has(signedParts(input))) {
      throw new Error('verified, and nobody signed this statement by this certificate');
    }
    return 'accepted';
  },
};

function verifies(bytes: Buffer): boolean {
  const mediaType = /"mediaType"\s*:\s*"([^"]*)"/.exec(bytes.toString('latin1'))?.[1] ?? '';
  const { pieces } = verifyEvidence({ bundles: [{ digest: 'sha256:', mediaType, bytes }], unsupported: [] }, attestors, store);
  return pieces.some(({ facts }) => Object.values(facts).some(({ verified }) => verified));
}

/** Statement, its type and the certificate, as JSON.parse and base64 say. */
function signedParts(bytes: Buffer): string {
  const { dsseEnvelope, verificationMaterial: { certificate, x509CertificateChain } } = JSON.parse(bytes.toString('utf8')) as {
    dsseEnvelope: { payload: string; payloadType: string };
    verificationMaterial: { certificate?: { rawBytes: string } | null; x509CertificateChain?: { certificates: Array<{ rawBytes: string }> } | null };
  };
  const leaf = certificate?.rawBytes ?? x509CertificateChain?.certificates[0]?.rawBytes ?? '';
  return [dsseEnvelope.payloadType, ...[dsseEnvelope.payload, leaf].map((text) => Buffer.from(text, 'base64').toString('hex'))].join(' ');
}
