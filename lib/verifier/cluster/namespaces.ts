import { setTimeout as pause } from 'node:timers/promises';
import { NamespaceContext } from '../../policy/normal';
import { Logger } from '../observe/log';
import { ApiClient, WatchEvent } from './api-client';
import { Namespaces } from './cluster';
import { describeCall } from './connect';

const PATH = '/api/v1/namespaces';

interface Namespace {
  readonly metadata?: { readonly name?: string; readonly resourceVersion?: string; readonly labels?: { readonly [key: string]: string } };
}

interface NamespaceList {
  readonly items: readonly Namespace[];
  readonly metadata?: { readonly resourceVersion?: string };
}

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
export function watchNamespaces(cluster: ApiClient, log: Logger): Namespaces {
  return new NamespaceWatch(cluster, log);
}

class NamespaceWatch implements Namespaces {
  private readonly labels = new Map<string, { readonly [key: string]: string }>();
  private readonly stopping = new AbortController();
  private readonly ended: Promise<void>;
  /** Where the watch goes on; `undefined` where everything has to be listed again. */
  private version: string | undefined;
  private synced = false;
  /** Since when no watch is established; `undefined` while one is. */
  private brokenSince: number | undefined = performance.now();

  constructor(private readonly cluster: ApiClient, private readonly log: Logger) {
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
    const { items, metadata } = await this.cluster.get<NamespaceList>(PATH);
    this.labels.clear();
    items.forEach((namespace) => this.apply('ADDED', namespace));
    this.synced = true;
    // Known as of now; from here on only a watch keeps them so.
    this.brokenSince = performance.now();
    return this.version = metadata?.resourceVersion ?? '';
  }

  /** Returns when the watch ended in order, or because nothing came: it can go on where it was. */
  private async follow(version: string): Promise<void> {
    const established = (): void => void (this.brokenSince = undefined);
    await this.cluster.watch(PATH, version, this.stopping.signal, established, ({ type, object }: WatchEvent) => {
      if (type === 'ERROR') {
        throw new Error('the API server ended the watch with an error');
      }
      this.apply(type, object as Namespace);
    });
  }

  private apply(type: string, { metadata }: Namespace): void {
    const name = metadata?.name ?? '';
    if (type === 'DELETED') {
      this.labels.delete(name);
    } else if (type !== 'BOOKMARK') {
      this.labels.set(name, metadata?.labels ?? {});
    }
    this.version = metadata?.resourceVersion ?? this.version;
  }
}
