import { setTimeout as pause } from 'node:timers/promises';
import { NamespaceContext } from '../../policy/normal';
import { Logger } from '../observe/log';
import { ApiClient, WatchEvent } from './api-client';
import { Namespaces } from './cluster';
import { describeCall } from './connect';

const PATH = '/api/v1/namespaces';

interface Labels {
  readonly [key: string]: string;
}

interface Namespace {
  readonly metadata?: { readonly name?: string; readonly resourceVersion?: string; readonly labels?: Labels };
}

interface NamespaceList {
  readonly items: readonly Namespace[];
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
}

/** How old labels may be before they count as unknown, in milliseconds. */
const STALE_AFTER = 30_000;

/** Least time from one watch to the next, in milliseconds. */
const RESTART_AFTER = 2_000;

/** A watch that ends sooner without having told anything was none, in milliseconds. */
const AT_ONCE = 1_000;

/** Everything is listed again after so many milliseconds, whatever a watch has told. */
const LIST_AFTER = 5 * 60_000;

/** Namespaces of one answer: their annotations come along, of up to 256 KiB each. */
const PAGE = 100;

/**
 * Keeps the labels of all namespaces by list and watch.
 *
 * Before the first list, for a namespace that is not listed, and half a minute after it was last known that they are true, a context has no labels:
 * policies that need them then refuse. They are known to be true as of the moment when a list was asked for, as of each event of a watch, and
 * as of the end in order of one. Labels that are not known any more become known by a list alone: a watch that is taken up again has yet to tell
 * what has changed.
 */
export function watchNamespaces(cluster: ApiClient, log: Logger): Namespaces {
  return new NamespaceWatch(cluster, log);
}

class NamespaceWatch implements Namespaces {
  private labels = new Map<string, Labels>();
  private readonly stopping = new AbortController();
  private readonly ended: Promise<void>;
  /** Where the watch goes on; `undefined` where everything has to be listed again. */
  private version: string | undefined;
  /** When the labels were last known to be true, by the monotonic clock. */
  private trueAt = -Infinity;
  private listedAt = -Infinity;

  constructor(private readonly cluster: ApiClient, private readonly log: Logger) {
    this.ended = this.keepWatching();
  }

  contextOf(name: string): NamespaceContext {
    const labels = this.known ? this.labels.get(name) : undefined;
    return labels === undefined ? { name } : { name, labels };
  }

  troubles(): readonly string[] {
    return this.known ? [] : ['the labels of namespaces are not known: the API server has not told them for half a minute'];
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.cluster.close();
    await this.ended;
  }

  private get known(): boolean {
    return performance.now() - this.trueAt < STALE_AFTER;
  }

  /** Ends only when it is stopped; never throws: trouble is told by readiness and log. */
  private async keepWatching(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const since = performance.now();
      try {
        if (!this.known || since - this.listedAt > LIST_AFTER) {
          this.version = undefined;
        }
        await this.follow(this.version ?? await this.list());
      } catch (error) {
        this.version = undefined;
        if (!signal.aborted) {
          this.log.warn({ event: 'namespace-watch-broken', message: describeCall(error) });
        }
      }
      await pause(Math.max(0, since + RESTART_AFTER - performance.now()), undefined, { signal }).catch(() => undefined);
    }
  }

  /** @returns the version to watch from */
  private async list(): Promise<string> {
    const asked = performance.now();
    const labels = new Map<string, Labels>();
    let version = '';
    for (let next: string | undefined = ''; next !== undefined;) {
      const page: NamespaceList = await this.cluster.get(`${PATH}?limit=${PAGE}${next === '' ? '' : `&continue=${encodeURIComponent(next)}`}`);
      page.items.forEach(({ metadata }) => labels.set(metadata?.name ?? '', metadata?.labels ?? {}));
      version = page.metadata?.resourceVersion ?? '';
      next = page.metadata?.continue === '' ? undefined : page.metadata?.continue;
    }
    this.labels = labels;
    this.trueAt = this.listedAt = asked;
    return this.version = version;
  }

  /** Returns when the watch ended in order: it can go on where it was. */
  private async follow(version: string): Promise<void> {
    const since = performance.now();
    let told = false;
    await this.cluster.watch(PATH, version, this.stopping.signal, ({ type, object }: WatchEvent) => {
      if (type === 'ERROR') {
        throw new Error('the API server ended the watch with an error');
      }
      this.apply(type, object as Namespace);
      told = true;
      this.confirm();
    });
    if (!told && performance.now() - since < AT_ONCE) {
      throw new Error('the watch ended at once');
    }
    this.confirm();
  }

  /** What is told belongs to labels that are known; where they are not any more, more may be about to be told. */
  private confirm(): void {
    if (this.known) {
      this.trueAt = performance.now();
    }
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
