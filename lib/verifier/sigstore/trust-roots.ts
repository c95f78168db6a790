import { X509Certificate } from 'node:crypto';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toTrustMaterial, TrustMaterial } from '@sigstore/verify';
import { Json } from '../../policy/document';
import { utf8 } from '../../policy/sha256';
import { parseStrictJson, StrictJsonError } from '../json';
import github from '../trust-roots/github.json';
import sigstore from '../trust-roots/sigstore.json';
import './asn1';
import { rememberAuthorities } from './remember';

/** Trust roots by name, as text: what a worker needs to make its own. */
export interface NamedRoot {
  readonly name: string;
  readonly json: string;
}

/** A trust root that cannot be trusted as it stands. */
export class TrustRootError extends Error {
  constructor(name: string, problem: string, options?: ErrorOptions) {
    super(`trust root ${name}: ${problem}`, options);
    this.name = 'TrustRootError';
  }
}

/** id-kp-timeStamping (RFC 3161, section 2.3). */
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';

const MEDIA_TYPES = new Set(['application/vnd.dev.sigstore.trustedroot+json;version=0.1', 'application/vnd.dev.sigstore.trustedroot.v0.2+json']);

/**
 * Checks the given roots and adds those that ship, `sigstore` and `github`, where none of that name is given. What ships is checked by whoever reads it.
 *
 * @throws TrustRootError
 */
export function loadTrustRoots(given: readonly NamedRoot[]): readonly NamedRoot[] {
  const shipped = [{ name: 'sigstore', json: JSON.stringify(sigstore) }, { name: 'github', json: JSON.stringify(github) }];
  const roots = new Map([...shipped, ...given].map((root) => [root.name, root]));
  given.forEach(({ name, json }) => trustMaterialOf(name, json));
  return [...roots.values()];
}

/**
 * Reads one `trusted_root.json`.
 *
 * Refused: an unknown media type, no authority at all, a validity without start, an id that two logs share, a timestamp authority whose
 * certificate is not for timestamps (RFC 3161, section 2.3; the library leaves that open).
 *
 * @throws TrustRootError
 */
export function trustMaterialOf(name: string, json: string): TrustMaterial {
  const root = object(parse(name, json));
  if (typeof root.mediaType !== 'string' || !MEDIA_TYPES.has(root.mediaType)) {
    throw new TrustRootError(name, `is no trusted root of version 0.1 or 0.2 (${[...MEDIA_TYPES].join(', ')})`);
  }
  const authorities = [...list(root.certificateAuthorities), ...list(root.timestampAuthorities)].map(object);
  const logs = [...list(root.tlogs), ...list(root.ctlogs)].map(object);
  if (authorities.length + logs.length === 0) {
    throw new TrustRootError(name, 'names no authority and no log');
  }
  for (const period of [...authorities.map(({ validFor }) => validFor), ...logs.map(({ publicKey }) => object(publicKey).validFor)]) {
    if (typeof object(period).start !== 'string') {
      throw new TrustRootError(name, 'has an authority or log without the start of its validity (validFor.start)');
    }
  }
  for (const kind of ['tlogs', 'ctlogs']) {
    const ids = list(root[kind]).map((log) => idOf(name, object(log)));
    const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
    if (repeated !== undefined) {
      throw new TrustRootError(name, `has two ${kind} with the id ${repeated}`);
    }
  }
  try {
    for (const authority of list(root.timestampAuthorities)) {
      checkTimestampAuthority(name, object(authority));
    }
    return rememberAuthorities(toTrustMaterial(TrustedRoot.fromJSON(root)));
  } catch (error) {
    if (error instanceof TrustRootError) {
      throw error;
    }
    throw new TrustRootError(name, `has a key or certificate that cannot be read (${error instanceof Error ? error.message : String(error)})`, { cause: error });
  }
}

/** Rekor v1 and CT logs go by the hash of their key, Rekor v2 by the key id of its checkpoints (C2SP signed-note). */
function idOf(name: string, log: Fields): string {
  const checkpointId = object(log.checkpointKeyId).keyId;
  if (typeof checkpointId === 'string') {
    return checkpointId;
  }
  const { keyId } = object(log.logId);
  if (typeof keyId !== 'string' || typeof object(log.publicKey).rawBytes !== 'string') {
    throw new TrustRootError(name, 'has a log without id or key');
  }
  return keyId;
}

function checkTimestampAuthority(name: string, authority: Fields): void {
  const { rawBytes } = object(list(object(authority.certChain).certificates)[0]);
  const { keyUsage } = new X509Certificate(Buffer.from(typeof rawBytes === 'string' ? rawBytes : '', 'base64'));
  if (keyUsage?.includes(TIME_STAMPING) !== true) {
    throw new TrustRootError(name, 'has a timestamp authority whose first certificate is not for signing timestamps');
  }
}

type Fields = { readonly [key: string]: Json };

function parse(name: string, json: string): Json {
  try {
    return parseStrictJson(utf8(json));
  } catch (error) {
    if (error instanceof StrictJsonError) {
      throw new TrustRootError(name, `cannot be read in exactly one way: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

function object(value: Json | undefined): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}
