import { createHash, createPublicKey, generateKeyPairSync, KeyObject, sign } from 'node:crypto';
import { createServer, Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Json } from '../../../lib/policy/document';
import { DEFAULT_TUF_TARGET, TUF_TRUST_ROOT, TufTrustRoot } from '../../../lib/policy/tuf-trust-root';
import { canonicalize } from '@tufjs/canonical-json';
import { selfSigned } from '../../support/registry/certificates';

const DAY = 24 * 60 * 60 * 1000;
const ROLES = ['root', 'timestamp', 'snapshot', 'targets'] as const;

type Files = ReadonlyMap<string, Buffer>;

/** A mirror of The Update Framework on loopback with one `trusted_root.json` for each trust root. */
export class TufMirror {
  static async start(): Promise<TufMirror> {
    const { cert, key } = await selfSigned();
    const mirror = new TufMirror(cert, key);
    await new Promise<void>((listening) => mirror.server.listen(0, '127.0.0.1', listening));
    return mirror;
  }

  private readonly key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  private readonly repositories = new Map<string, Files>();
  private readonly server: Server;

  private constructor(readonly certificate: string, key: string) {
    this.server = createServer({ cert: certificate, key }, (request, response) => {
      const [, name = '', path = ''] = /^\/([0-9a-f]+)\/([^?]*)/.exec(request.url ?? '') ?? [];
      const file = this.repositories.get(name)?.get(path);
      response.writeHead(file === undefined ? 404 : 200, { 'content-length': file?.length ?? 0 }).end(file);
    });
  }

  /** Where this trust root is, and from which `root.json` on it is trusted. */
  serve(trustedRoot: string): TufTrustRoot {
    const name = sha256(Buffer.from(trustedRoot)).slice(0, 16);
    const files = this.repositories.get(name) ?? repositoryOf(trustedRoot, this.key);
    this.repositories.set(name, files);
    return { mediaType: TUF_TRUST_ROOT, target: DEFAULT_TUF_TARGET, mirror: `https://127.0.0.1:${(this.server.address() as AddressInfo).port}/${name}`, root: JSON.parse(files.get('1.root.json')?.toString() ?? '') as Json };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }
}

/** Consistent snapshots, one key for all roles. @see https://theupdateframework.github.io/specification/latest/ */
function repositoryOf(trustedRoot: string, privateKey: KeyObject): Files {
  const entry = {
    keytype: 'ecdsa', scheme: 'ecdsa-sha2-nistp256', keyval: { public: createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString() },
  };
  const keyid = sha256(Buffer.from(canonicalize(entry)));
  const expires = `${new Date(Date.now() + DAY).toISOString().slice(0, 19)}Z`;
  const signed = (type: string, body: object): Buffer => {
    const content = { _type: type, spec_version: '1.0.31', version: 1, expires, ...body };
    return Buffer.from(JSON.stringify({ signatures: [{ keyid, sig: sign('sha256', Buffer.from(canonicalize(content)), privateKey).toString('hex') }], signed: content }));
  };
  const target = Buffer.from(trustedRoot);
  const root = signed('root', { consistent_snapshot: true, keys: { [keyid]: entry }, roles: Object.fromEntries(ROLES.map((role) => [role, { keyids: [keyid], threshold: 1 }])) });
  const targets = signed('targets', { targets: { 'trusted_root.json': { length: target.length, hashes: { sha256: sha256(target), sha512: createHash('sha512').update(target).digest('hex') } } } });
  const snapshot = signed('snapshot', { meta: { 'targets.json': { version: 1, ...described(targets) } } });
  const timestamp = signed('timestamp', { meta: { 'snapshot.json': { version: 1, ...described(snapshot) } } });
  return new Map([
    ['1.root.json', root], ['1.targets.json', targets], ['1.snapshot.json', snapshot], ['timestamp.json', timestamp],
    [`targets/${sha256(target)}.trusted_root.json`, target],
    [`targets/${createHash('sha512').update(target).digest('hex')}.trusted_root.json`, target],
  ]);
}

function described(bytes: Buffer): { readonly length: number; readonly hashes: { readonly sha256: string } } {
  return { length: bytes.length, hashes: { sha256: sha256(bytes) } };
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
