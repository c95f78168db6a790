import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { join } from 'node:path';
import type { Credential } from './pki';
import type { Program, Programs } from './process';
import type { Sandbox } from './sandbox';

/** See `kinds` in registry/main.go: follows the specification, follows it in part, has no referrers API. */
export type RegistryKind = 'referrers' | 'partial-referrers' | 'fallback';

export interface RegistryOptions {
  /** @default referrers */
  readonly kind?: RegistryKind;
  /** An address of the sandbox; give it a host name with `sandbox.resolve`. */
  readonly address: string;
  /** 443 for images whose reference names no port. */
  readonly port: number;
  /** @default - plain HTTP */
  readonly tls?: Credential;
}

/** Where a registry comes from, and where it may write; a sandbox is one. */
export interface RegistryHome {
  readonly folder: string;
  readonly binaries: Pick<Sandbox['binaries'], 'registry'>;
}

/** What a registry answered. */
export interface RegistryAnswer {
  readonly status: number;
  readonly location: string | undefined;
  readonly body: string;
}

/** A running OCI registry in memory: it loses what it holds when it is stopped. */
export class OciRegistry {
  /** Starts an empty one, and returns when it listens. */
  static async start(sandbox: RegistryHome, programs: Programs, options: RegistryOptions): Promise<OciRegistry> {
    const name = `registry-${options.address}-${options.port}`;
    const program = programs.start({
      name,
      command: sandbox.binaries.registry,
      args: [
        '--kind', options.kind ?? 'referrers',
        '--listen', `${options.address}:${options.port}`,
        ...(options.tls ? tlsFlags(join(sandbox.folder, name), options.tls) : []),
      ],
    });
    await program.event('listening');
    return new OciRegistry(program, options);
  }

  /** One that somebody else has started. */
  static running(program: Program, options: RegistryOptions): OciRegistry {
    return new OciRegistry(program, options);
  }

  private constructor(readonly program: Program, private readonly options: RegistryOptions) {}

  /** `host:port`, as it stands in references. */
  get host(): string {
    return `${this.options.address}:${this.options.port}`;
  }

  /** Stores a blob and returns its digest. */
  async pushBlob(repository: string, bytes: Uint8Array): Promise<string> {
    const digest = sha256(bytes);
    const { location = '' } = stored(await this.send('POST', `/v2/${repository}/blobs/uploads/`));
    stored(await this.send('PUT', `${location}${location.includes('?') ? '&' : '?'}digest=${digest}`, bytes, 'application/octet-stream'));
    return digest;
  }

  /** Stores a manifest, whose blobs are there already, under its digest or a tag, and returns its digest. */
  async pushManifest(repository: string, mediaType: string, bytes: Uint8Array, tag?: string): Promise<string> {
    const digest = sha256(bytes);
    stored(await this.send('PUT', `/v2/${repository}/manifests/${tag ?? digest}`, bytes, mediaType));
    return digest;
  }

  /** Any other call; a path, or the URL of a Location header. Its own certificate is not checked: that is the verifier's task. */
  send(method: string, path: string, body?: Uint8Array, contentType?: string): Promise<RegistryAnswer> {
    const { address, port, tls } = this.options;
    const url = new URL(path, `${tls ? 'https' : 'http'}://${address}:${port}`);
    const headers = { ...(contentType ? { 'content-type': contentType } : {}), 'content-length': body?.length ?? 0 };
    return new Promise((answered, failed) => {
      const options = { method, headers, rejectUnauthorized: false };
      const call = (tls ? tlsRequest : plainRequest)(url, options, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => text += chunk);
        response.once('error', failed);
        response.once('end', () => answered({ status: response.statusCode ?? 0, location: response.headers.location, body: text }));
      });
      call.once('error', failed);
      call.end(body);
    });
  }
}

function stored(answer: RegistryAnswer): RegistryAnswer {
  if (answer.status >= 300) {
    throw new Error(`the registry answered ${answer.status}: ${answer.body}`);
  }
  return answer;
}

function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

function tlsFlags(prefix: string, { certificate, key }: Credential): string[] {
  writeFileSync(`${prefix}.crt`, certificate);
  writeFileSync(`${prefix}.key`, key, { mode: 0o600 });
  return ['--cert', `${prefix}.crt`, '--key', `${prefix}.key`];
}
