import { BundleJson } from './bundle';
import { pemOf } from './certificate';
import { Identity } from './identities';
import { Logged } from './log-body';
import { KeylessOptions } from './options';
import { SigstoreWorld } from './world';

/** A layer as cosign 1 and 2 push it; plain data that a test changes as it likes. */
export interface OlderLayer {
  mediaType: string;
  bytes: Buffer;
  annotations: { [name: string]: string };
}

export const SIMPLE_SIGNING_TYPE = 'application/vnd.dev.cosign.simplesigning.v1+json';
export const ENVELOPE_TYPE = 'application/vnd.dsse.envelope.v1+json';

const SIGNATURE = 'dev.cosignproject.cosign/signature';

/** What `cosign sign` signed. */
export function simpleSigning(image: string, optional: object | null = null): Buffer {
  const critical = { 'identity': { 'docker-reference': '' }, 'image': { 'docker-manifest-digest': image }, 'type': 'cosign container image signature' };
  return Buffer.from(JSON.stringify({ critical, optional }));
}

/** A layer of a `.sig` tag. */
export function olderSignature(world: SigstoreWorld, identity: Identity, payload: Buffer, options: KeylessOptions = {}): OlderLayer {
  return signatureLayer(world.signMessage(identity, payload, { log: 'rekor1', ...options }), payload);
}

/** What a bundle about bytes says, said beside them. */
export function signatureLayer(bundle: BundleJson, payload: Buffer): OlderLayer {
  return { mediaType: SIMPLE_SIGNING_TYPE, bytes: payload, annotations: { [SIGNATURE]: bundle.messageSignature!.signature, ...materialOf(bundle) } };
}

/** A layer of an `.att` tag; timestamps are of all of its bytes. */
export function olderAttestation(world: SigstoreWorld, identity: Identity, statement: object, options: KeylessOptions = {}): OlderLayer {
  const payload = Buffer.from(JSON.stringify(statement));
  const stamped = (signature: Buffer): Buffer => envelopeBytes({ payloadType: 'application/vnd.in-toto+json', payload: payload.toString('base64'), sig: signature.toString('base64') });
  const { alterLogged = (logged): Logged => logged } = options;
  const bundle = world.signKeyless(identity, payload, {
    log: 'rekor1', stamped, ...options, alterLogged: (logged) => alterLogged({ ...logged, envelope: stamped(logged.signature) }),
  });
  const { payloadType, signatures: [only] } = bundle.dsseEnvelope!;
  const bytes = envelopeBytes({ payloadType, payload: payload.toString('base64'), sig: only!.sig });
  return { mediaType: ENVELOPE_TYPE, bytes, annotations: { [SIGNATURE]: '', ...materialOf(bundle) } };
}

function envelopeBytes({ payloadType, payload, sig }: { payloadType: string; payload: string; sig: string }): Buffer {
  return Buffer.from(JSON.stringify({ payloadType, payload, signatures: [{ keyid: '', sig }] }));
}

function materialOf({ verificationMaterial: { certificate, tlogEntries: [entry] = [], timestampVerificationData } }: BundleJson): OlderLayer['annotations'] {
  const [stamp] = timestampVerificationData?.rfc3161Timestamps ?? [];
  return {
    ...(entry === undefined ? {} : { 'dev.sigstore.cosign/bundle': JSON.stringify({
      SignedEntryTimestamp: entry.inclusionPromise?.signedEntryTimestamp,
      Payload: {
        body: entry.canonicalizedBody, integratedTime: Number(entry.integratedTime), logIndex: Number(entry.logIndex), logID: Buffer.from(entry.logId.keyId, 'base64').toString('hex'),
      },
    }) }),
    ...(certificate === undefined ? {} : { 'dev.sigstore.cosign/certificate': pemOf('CERTIFICATE', Buffer.from(certificate.rawBytes, 'base64')) }),
    ...(stamp === undefined ? {} : { 'dev.sigstore.cosign/rfc3161timestamp': JSON.stringify({ SignedRFC3161Timestamp: stamp.signedTimestamp }) }),
  };
}
