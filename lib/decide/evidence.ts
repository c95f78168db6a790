import { Json } from '../policy/document';
import { CryptographicCheck } from './check-names';
import { ReasonCode } from './reason';

/**
 * What is known about an image when it is judged: everything was read, decoded and checked cryptographically before;
 * nothing was compared with a policy yet.
 */
export type EvidenceReport = EvidenceFound | EvidenceUnavailable;

/** The registry answered: these pieces exist, possibly none. */
export interface EvidenceFound {
  readonly status: 'found';
  readonly pieces: readonly Evidence[];
}

/** A question could not be answered; never the same as "nothing there". */
export interface EvidenceUnavailable {
  readonly status: 'unavailable';
  readonly code: ReasonCode;
  readonly message: string;
}

/** One signed statement found beside an image. */
export interface Evidence {
  /** `sha256:…` of the bytes of the bundle or layer; the name of this piece in proofs and reasons. Layers of several signatures may share it. */
  readonly digest: string;
  /** What the signature covers, or why that could not be read. */
  readonly statement: Statement | Unreadable;
  /**
   * What the cryptography says, by trust anchor (see `anchorOf`); an anchor that is not listed was not asked. Good for the attestors that were asked for: a
   * signer that is none of them need not have been checked.
   */
  readonly facts: { readonly [anchor: string]: SignerFact | Unverified };
}

/** The signed claim, decoded from exactly the bytes that were signed. */
export interface Statement {
  readonly readable: true;
  /** `signature`: the claim is "signed" (cosign's sign predicate, simple signing, a message signature); `attestation`: any other predicate. */
  readonly says: 'signature' | 'attestation';
  /** The in-toto predicate type; the empty string for simple signing and for a message signature. */
  readonly predicateType: string;
  /** Absent in a message signature. */
  readonly predicate?: Json;
  /** What the statement is about. */
  readonly subjects: readonly Subject[];
  /** What the signer says about the signature; only of what says "signed". */
  readonly annotations?: { readonly [name: string]: string };
}

/** One thing that a statement is about. */
export interface Subject {
  /** What the signer calls it; of simple signing its `docker-reference`. */
  readonly name?: string;
  /** As written: algorithm to hex. */
  readonly digest: { readonly [algorithm: string]: string };
}

/** Evidence that cannot be read in exactly one way, or is of a kind that cannot be judged. */
export interface Unreadable {
  readonly readable: false;
  readonly code: ReasonCode;
  readonly message: string;
}

/** The signature, its certificate or key, its log entries and its times hold under one trust anchor. */
export interface SignerFact {
  readonly verified: true;
  readonly signer: CertificateSigner | KeySigner | OwnCertificateSigner;
  /** Verified times of signing, in milliseconds since the epoch, ascending; empty only where the attestor demands no time. */
  readonly times: readonly number[];
  /** Names of the checks that were made and held. */
  readonly checks: readonly CryptographicCheck[];
}

/** It does not hold, or could not be checked. */
export interface Unverified {
  readonly verified: false;
  readonly code: ReasonCode;
  readonly message: string;
}

export interface CertificateSigner {
  readonly type: 'certificate';
  /** The one subject alternative name. */
  readonly subject: string;
  /** Which general name the subject is; only URI, e-mail and Fulcio's username are known. */
  readonly subjectType: 'uri' | 'email' | 'username';
  readonly issuer: string;
  /** `sha256:…` of the certificate's DER; of one that was re-encoded without its key, those of all its forms. */
  readonly fingerprints: readonly string[];
  /** `sha256:…` of the DER SubjectPublicKeyInfo. */
  readonly key: string;
  /** Certificate extensions by the names of `CertificateClaims`, absent when the certificate does not carry them. */
  readonly claims: { readonly [claim: string]: string };
}

/** A certificate of an authority that the attestor itself names; it has no issuer of identities and no claims. */
export interface OwnCertificateSigner {
  readonly type: 'own-certificate';
  /** The one subject alternative name. */
  readonly subject: string;
  /** Which general name the subject is. */
  readonly subjectType: 'uri' | 'email' | 'dns';
  /** As of `CertificateSigner`. */
  readonly fingerprints: readonly string[];
  readonly key: string;
  /** When it and every certificate above it are valid, in milliseconds since the epoch. */
  readonly validFrom: number;
  readonly validUntil: number;
}

export interface KeySigner {
  readonly type: 'key';
  /** `sha256:…` of the DER SubjectPublicKeyInfo. */
  readonly fingerprint: string;
}
