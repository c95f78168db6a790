import { createHash, createPublicKey, generateKeyPairSync, KeyObject, sign } from 'node:crypto';
import { createServer, Server } from 'node:https';
import { AddressInfo, Socket } from 'node:net';
import { ServerResponse } from 'node:http';
import { canonicalize } from '@tufjs/canonical-json';
import { Json } from '../../lib/policy/document';
import { TUF_TRUST_ROOT, TufTrustRoot } from '../../lib/policy/tuf-trust-root';
import { selfSigned } from './registry/certificates';

const DAY = 24 * 60 * 60 * 1000;
const TARGET = 'trusted_root.json';

/** A key of a repository and the id under which its roots list it. */
export interface TufKey {
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly entry: { readonly [field: string]: Json };
}

export function tufKey(): TufKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const entry = { keytype: 'ecdsa', scheme: 'ecdsa-sha2-nistp256', keyval: { public: publicKey.export({ type: 'spki', format: 'pem' }).toString() } };
  return { id: createHash('sha256').update(canonicalize(entry)).digest('hex'), privateKey, entry };
}

/** The same key under another id. */
export function alias(key: TufKey): TufKey {
  return { ...key, id: createHash('sha256').update(`${key.id} again`).digest('hex') };
}

/** The same key under another id, with its point written in another way: hybrid, or as hexadecimal in full or compressed. */
export function respelt(key: TufKey, form: 'hybrid' | 'hexadecimal' | 'compressed'): TufKey {
  const der = createPublicKey(key.privateKey).export({ type: 'spki', format: 'der' });
  const point = Buffer.from(der.subarray(-65));
  const isOdd = (point.at(-1) ?? 0) % 2;
  const hybrid = Buffer.concat([der.subarray(0, -65), Buffer.from([6 + isOdd]), point.subarray(1)]);
  const texts = {
    hybrid: `-----BEGIN PUBLIC KEY-----\n${hybrid.toString('base64')}\n-----END PUBLIC KEY-----\n`,
    hexadecimal: point.toString('hex'),
    compressed: Buffer.concat([Buffer.from([2 + isOdd]), point.subarray(1, 33)]).toString('hex'),
  };
  return { ...alias(key), entry: { ...key.entry, keyval: { public: texts[form] } } };
}

type RoleName = 'root' | 'timestamp' | 'snapshot' | 'targets';

export interface RoleState {
  version: number;
  /** Milliseconds from now. */
  endsIn: number;
  keys: TufKey[];
  threshold: number;
  /** Who signs. @default - all keys */
  signers?: TufKey[];
}

/** A TUF repository that the test signs, behind HTTPS on loopback. Change its state, then publish. */
export class TufRepository {
  static async start(content: string, { consistent = true, target = TARGET } = {}): Promise<TufRepository> {
    const { cert, key } = await selfSigned();
    const repository = new TufRepository(cert, content, consistent, target);
    await repository.listen(key);
    repository.publish();
    repository.initialRoot = JSON.parse(repository.files.get('1.root.json')?.toString() ?? '') as Json;
    return repository;
  }

  readonly roles: { readonly [role in RoleName]: RoleState };
  readonly files = new Map<string, Buffer>();
  /** Paths that were asked for. */
  readonly asked: string[] = [];
  /** Answers in place of files; paths as in `files`. */
  readonly odd = new Map<string, (reply: ServerResponse) => void>();
  /** Changes what a role says before it is signed. */
  alter: { [role in RoleName]?: (signed: { [field: string]: Json }) => void } = {};
  down = false;
  /** Milliseconds that every answer takes longer. */
  delay = 0;
  initialRoot: Json = null;
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();
  private port = 0;

  private constructor(readonly certificate: string, public content: string, private readonly consistent: boolean, private readonly target: string) {
    const role = (keys: number, threshold = keys): RoleState => ({ version: 1, endsIn: 7 * DAY, keys: Array.from({ length: keys }, tufKey), threshold });
    this.roles = { root: role(3, 2), timestamp: role(1), snapshot: role(1), targets: role(2) };
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}/tuf`;
  }

  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** What a policy set says of it. */
  get source(): TufTrustRoot {
    return { mediaType: TUF_TRUST_ROOT, mirror: this.url, target: this.target, root: this.initialRoot };
  }

  /** Signs everything as it is now and puts it in place. Older versions stay where they are. */
  publish(): void {
    this.putRoot(this.roles.root.signers ?? this.roles.root.keys);
    this.putRest();
  }

  private putRest(): void {
    const sha256 = createHash('sha256').update(this.content).digest('hex');
    const slash = this.target.lastIndexOf('/') + 1;
    this.files.set(this.consistent ? `targets/${this.target.slice(0, slash)}${sha256}.${this.target.slice(slash)}` : `targets/${this.target}`, Buffer.from(this.content));
    const targets = this.put('targets', { targets: { [this.target]: { length: Buffer.byteLength(this.content), hashes: { sha256 } } } });
    const snapshot = this.put('snapshot', { meta: { 'targets.json': { version: this.roles.targets.version, ...described(targets) } } });
    this.put('timestamp', { meta: { 'snapshot.json': { version: this.roles.snapshot.version, ...described(snapshot) } } });
  }

  /** The next version of timestamp, snapshot and targets, with this content. */
  release(content = this.content): void {
    this.content = content;
    for (const role of ['timestamp', 'snapshot', 'targets'] as const) {
      this.roles[role].version += 1;
    }
    this.putRest();
  }

  /** A new root with other keys of roles, signed by the keys of the old root and its own. */
  rotate(change: (roles: { readonly [role in RoleName]: RoleState }) => void): void {
    const before = this.roles.root.keys;
    change(this.roles);
    this.roles.root.version += 1;
    this.putRoot([...new Set([...before, ...this.roles.root.keys])]);
  }

  async close(): Promise<void> {
    this.sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => this.server?.close(resolve));
  }

  private putRoot(signers: readonly TufKey[]): void {
    const { roles } = this;
    const keys = Object.values(roles).flatMap((role) => role.keys);
    const body = {
      consistent_snapshot: this.consistent,
      keys: Object.fromEntries(keys.map(({ id, entry }) => [id, entry])),
      roles: Object.fromEntries(Object.entries(roles).map(([name, role]) => [name, { keyids: role.keys.map(({ id }) => id), threshold: role.threshold }])),
    };
    this.files.set(`${roles.root.version}.root.json`, this.envelope('root', body, signers));
  }

  private put(role: 'timestamp' | 'snapshot' | 'targets', body: { [field: string]: Json }): Buffer {
    const { version, keys, signers = keys } = this.roles[role];
    const bytes = this.envelope(role, body, signers);
    this.files.set(role === 'timestamp' || !this.consistent ? `${role}.json` : `${version}.${role}.json`, bytes);
    return bytes;
  }

  private envelope(role: RoleName, body: { [field: string]: Json }, signers: readonly TufKey[]): Buffer {
    const { version, endsIn } = this.roles[role];
    const expires = `${new Date(Date.now() + endsIn).toISOString().slice(0, 19)}Z`;
    const signed: { [field: string]: Json } = { _type: role, spec_version: '1.0.31', version, expires, ...body };
    this.alter[role]?.(signed);
    const bytes = Buffer.from(canonicalize(signed));
    return Buffer.from(JSON.stringify({ signatures: signers.map(({ id, privateKey }) => ({ keyid: id, sig: sign('sha256', bytes, privateKey).toString('hex') })), signed }));
  }

  private async listen(key: string): Promise<void> {
    const server = createServer({ cert: this.certificate, key }, (request, reply) => {
      const path = (request.url ?? '').replace(/^\/tuf\//, '');
      this.asked.push(path);
      const odd = this.odd.get(path);
      const file = this.files.get(path);
      if (this.down) {
        request.socket.destroy();
        return;
      }
      setTimeout(() => {
        if (odd !== undefined) {
          odd(reply);
        } else if (file === undefined) {
          reply.writeHead(404).end();
        } else {
          reply.writeHead(200, { 'content-length': file.length }).end(file);
        }
      }, this.delay);
    });
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
  }
}

function described(bytes: Buffer): { length: number; hashes: { sha256: string } } {
  return { length: bytes.length, hashes: { sha256: createHash('sha256').update(bytes).digest('hex') } };
}
