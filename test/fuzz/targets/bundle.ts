import { decodeBundle } from '../../../lib/verifier/sigstore/bundle';
import { EvidenceFailure } from '../../../lib/verifier/sigstore/failure';
import { Target } from '../fuzz';
import { JSON_TEXT } from '../json-mutations';
import { bundles } from '../seeds';
import { expectSame, read } from './refusal';

interface LooseBundle {
  readonly mediaType: string;
  readonly dsseEnvelope?: { readonly payload: string; readonly payloadType: string; readonly signatures: ReadonlyArray<{ readonly sig: string }> } | null;
  readonly messageSignature?: { readonly signature: string } | null;
  readonly verificationMaterial: {
    readonly certificate?: { readonly rawBytes: string } | null;
    readonly x509CertificateChain?: { readonly certificates: ReadonlyArray<{ readonly rawBytes: string }> } | null;
  };
}

/** Any bytes will do: a bundle that signs them is compared with them, and is read all the same. */
const ARTIFACT = Buffer.from('{}');

/** Sigstore bundles: what is decoded is what JSON.parse and base64 say, and nothing else. */
export const bundle: Target = {
  name: 'bundle',
  seeds: bundles(),
  mutations: JSON_TEXT,
  judge: (input) => {
    // The registry says the type of what it gives; a bundle has to agree.
    const mediaType = /"mediaType"\s*:\s*"(application\/vnd\.dev\.sigstore\.bundle[^"]*)"/.exec(input.toString('latin1'))?.[1] ?? '';
    const ours = read(() => decodeBundle({ bytes: input, mediaType }, ARTIFACT), EvidenceFailure)?.value;
    if (ours === undefined) {
      return 'refused';
    }
    const { dsseEnvelope, messageSignature, verificationMaterial: { certificate, x509CertificateChain } } = JSON.parse(input.toString('utf8')) as LooseBundle;
    const [leaf, ...brought] = [...(certificate ? [certificate] : []), ...(x509CertificateChain?.certificates ?? [])].map(({ rawBytes }) => Buffer.from(rawBytes, 'base64'));
    expectSame('leaf', hex(ours.leaf), hex(leaf));
    expectSame('certificates beside it', ours.brought.map(hex), brought.map(hex));
    if (dsseEnvelope) {
      const [only, ...more] = dsseEnvelope.signatures;
      expectSame('signatures', more.length, 0);
      expectSame('signature', hex(ours.signature.signature), hex(Buffer.from(only?.sig ?? '', 'base64')));
      const { predicateType, predicate } = JSON.parse(Buffer.from(dsseEnvelope.payload, 'base64').toString('utf8')) as { predicateType: string; predicate: unknown };
      expectSame('predicate', [ours.statement.predicateType, JSON.stringify(ours.statement.predicate)], [predicateType, JSON.stringify(predicate)]);
    } else {
      expectSame('signature', hex(ours.signature.signature), hex(Buffer.from(messageSignature?.signature ?? '', 'base64')));
    }
    return 'accepted';
  },
};

function hex(bytes: Buffer | undefined): string | undefined {
  return bytes?.toString('hex');
}
