import { KeyObject } from 'node:crypto';
import { CertificateSpec } from './certificate';
import { CertificateAuthority } from './certificate-authority';
import { CtLog } from './ct-log';
import { EntryKind, Logged, LoggedHash } from './log-body';
import { TimestampAuthority, TimestampOptions } from './timestamp-authority';

/** How a statement is signed; what is left out is done as it should be. What is not signed over, change in the bundle afterwards. */
export interface SignOptions {
  /** When. @default - the world's now */
  readonly at?: Date;
  /** Which log lists it. @default rekor2 */
  readonly log?: 'rekor1' | 'rekor2' | 'none';
  /** Form of the entry. @default - `dsse 0.0.1` in rekor1, `hashedrekord 0.0.2` in rekor2 */
  readonly entry?: EntryKind;
  /** When the log says it saw it; rekor1 only. @default - at the time of signing */
  readonly integratedAt?: Date;
  /** Logs this in place of what was signed. */
  readonly alterLogged?: (logged: Logged) => Logged;
  /** Whether a timestamp authority vouches for the time. @default - unless the log does, that is: not with rekor1 */
  readonly timestamp?: boolean;
  /** When the authority says it was. @default - at the time of signing */
  readonly stampedAt?: Date;
  /** Who timestamps. @default - the world's authority */
  readonly timestampAuthority?: TimestampAuthority;
  readonly timestampOptions?: TimestampOptions;
  /** What is timestamped. @default - the signature */
  readonly stamped?: (signature: Buffer) => Buffer;
  /** @default application/vnd.in-toto+json */
  readonly payloadType?: string;
  /** The bytes that the signature covers. @default - the pre-authentication encoding */
  readonly signed?: (payloadType: string, payload: Buffer) => Buffer;
  /** Hash of the signature. @default - that of the curve */
  readonly hash?: LoggedHash;
  /** Changes the signature before it is timestamped and logged; told also which bytes it covers. */
  readonly alterSignature?: (signature: Buffer, signed: Buffer) => Buffer;
}

export interface KeylessOptions extends SignOptions {
  /** The key of the certificate. @default - a new P-256 key */
  readonly privateKey?: KeyObject;
  /** Start of the certificate's ten minutes. @default - the time of signing */
  readonly issuedAt?: Date;
  /** Who issues the certificate. @default - the world's authority */
  readonly certificateAuthority?: CertificateAuthority;
  /** Changes the certificate before it is logged and signed. */
  readonly alterCertificate?: (spec: CertificateSpec) => void;
  /** Logs that saw the certificate. @default - the world's CT log */
  readonly ctLogs?: readonly CtLog[];
  /** When they say they did. @default - at the start of its validity */
  readonly certificateLoggedAt?: Date;
  readonly alterScts?: (scts: Buffer[]) => Buffer[];
}
