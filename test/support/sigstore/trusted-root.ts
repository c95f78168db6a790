import { KeyObject } from 'node:crypto';
import { spkiOf } from './certificate';
import { CertificateAuthority } from './certificate-authority';
import { CtLog } from './ct-log';
import { TimestampAuthority } from './timestamp-authority';
import { TransparencyLog } from './transparency-log';

/** A period in protojson; the end is open without one. */
export interface PeriodJson {
  start: string;
  end?: string;
}

export interface AuthorityJson {
  subject: { organization: string; commonName: string };
  uri: string;
  certChain: { certificates: Array<{ rawBytes: string }> };
  validFor: PeriodJson;
}

export interface LogJson {
  baseUrl: string;
  hashAlgorithm: string;
  publicKey: { rawBytes: string; keyDetails: string; validFor: PeriodJson };
  logId: { keyId: string };
}

/** A `trusted_root.json`, as a policy's trust root and `--trust-root NAME=FILE` take it. */
export interface TrustedRootJson {
  mediaType: string;
  tlogs: LogJson[];
  certificateAuthorities: AuthorityJson[];
  ctlogs: LogJson[];
  timestampAuthorities: AuthorityJson[];
}

export function authorityJson(name: string, authority: CertificateAuthority | TimestampAuthority, start: Date): AuthorityJson {
  return {
    subject: { organization: name, commonName: 'root' },
    uri: `https://authority.${name}`,
    certChain: { certificates: authority.chain.map((certificate) => ({ rawBytes: certificate.toString('base64') })) },
    validFor: { start: start.toISOString() },
  };
}

export function logJson(log: TransparencyLog, start: Date): LogJson {
  return describeLog(log.host, log.publicKey, log.keyDetails, log.id, start);
}

export function ctLogJson(log: CtLog, start: Date): LogJson {
  return describeLog(log.host, log.publicKey, 'PKIX_ECDSA_P256_SHA_256', log.id, start);
}

function describeLog(host: string, key: KeyObject, keyDetails: string, id: Buffer, start: Date): LogJson {
  return {
    baseUrl: `https://${host}`,
    hashAlgorithm: 'SHA2_256',
    publicKey: { rawBytes: spkiOf(key).toString('base64'), keyDetails, validFor: { start: start.toISOString() } },
    logId: { keyId: id.toString('base64') },
  };
}
