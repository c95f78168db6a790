import { setTimeout as pause } from 'node:timers/promises';
import { V1Namespace, Watch } from '@kubernetes/client-node';
import { NamespaceContext } from '../../policy/normal';
import { Logger } from '../observe/log';
import { Namespaces } from './cluster';
import { Cluster, describeCall } from './connect';

/** How long a broken watch may go on before its labels count as unknown, in milliseconds. */
const STALE_AFTER = 30_000;

/** Least time from one watch to the next, in milliseconds. */
const RESTART_AFTER = 2_000;

/**
 * Keeps the labels of all namespaces by list and watch.
 *
 * Before the first list, for a namespace that is not listed, and half a minute after the last list or watch, a
 * context has no labels: policies that need them then refuse. A watch on which nothing comes is ended after half a minute and
 * taken up again, so that a connection that died silently is found out.
 */
export function watchNamespaces(cluster: Cluster, log: Logger): Namespaces {
  return new NamespaceWatch(cluster, log);
}

class NamespaceWatch implements Namespaces {
  private readonly labels = new Map<string, { readonly [key: string]: string }>();
  private readonly watch: Watch;
  private readonly stopping = new AbortController();
  private readonly ended: Promise<void>;
  /** Where the watch goes on; `undefined` where everything has to be listed again. */
  private version: string | undefined;
  private synced = false;
  /** Since when no watch is established; `undefined` while one is. */
  private brokenSince: number | undefined = performance.now();

  constructor(private readonly cluster: Cluster, private readonly log: Logger) {
    this.watch = new Watch(cluster.config);
    this.ended = this.keepWatching();
  }

  contextOf(name: string): NamespaceContext {
    const labels = this.known ? this.labels.get(name) : undefined;
    return labels === undefined ? { name } : { name, labels };
  }

  troubles(): readonly string[] {
    return this.known ? [] : ['the labels of namespaces are not known: the watch is not established'];
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.cluster.close();
    await this.ended;
  }

  private get known(): boolean {
    return this.synced && (this.brokenSince === undefined || performance.now() - this.brokenSince < STALE_AFTER);
  }

  /** Ends only when it is stopped; never throws: trouble is told by readiness and log. */
  private async keepWatching(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const since = performance.now();
      try {
        await this.follow(this.version ?? await this.list());
      } catch (error) {
        this.version = undefined;
        if (!signal.aborted) {
          this.log.warn({ event: 'namespace-watch-broken', message: describeCall(error) });
        }
      }
      this.brokenSince ??= performance.now();
      await pause(Math.max(0, since + RESTART_AFTER - performance.now()), undefined, { signal }).catch(() => undefined);
    }
  }

  private async list(): Promise<string> {
    const { items, metadata } = await this.cluster.core.listNamespace();
    this.labels.clear();
    items.forEach((namespace) => this.apply('ADDED', namespace));
    this.synced = true;
    // Known as of now; from here on only a watch keeps them so.
    this.brokenSince = performance.now();
    return this.version = metadata?.resourceVersion ?? '';
  }

  /** Returns when the watch ended in order, or because nothing came: it can go on where it was. */
  private async follow(resourceVersion: string): Promise<void> {
    const { signal } = this.stopping;
    let request: AbortController | undefined;
    let over = false;
    const end = (): void => request?.abort();
    signal.addEventListener('abort', end);
    try {
      await new Promise<void>((resolve, reject) => {
        const changed = (type: string, object: V1Namespace): void => (type === 'ERROR' ? reject(new Error('the API server ended the watch with an error')) : this.apply(type, object));
        const done = (error: unknown): void => {
          over = true;
          if (isNone(error) || isTimeout(error)) {
            resolve();
          } else {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        };
        this.watch.watch('/api/v1/namespaces', { resourceVersion }, changed, done).then((established) => {
          request = established;
          if (signal.aborted) {
            end();
          } else if (!over) {
            this.brokenSince = undefined;
          }
        }, reject);
      });
    } finally {
      signal.removeEventListener('abort', end);
      end();
    }
  }

  private apply(type: string, { metadata }: V1Namespace): void {
    const name = metadata?.name ?? '';
    if (type === 'DELETED') {
      this.labels.delete(name);
    } else if (type !== 'BOOKMARK') {
      this.labels.set(name, metadata?.labels ?? {});
    }
    this.version = metadata?.resourceVersion ?? this.version;
  }
}

function isNone(error: unknown): boolean {
  return error === null || error === undefined;
}

/** Nothing came for as long as the client waits. */
function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}
