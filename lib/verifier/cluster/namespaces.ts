import { makeInformer } from '@kubernetes/client-node';
import { NamespaceContext } from '../../policy/normal';
import { Logger } from '../observe/log';
import { Namespaces } from './cluster';
import { Cluster, describeCall } from './connect';

/** How long a broken watch may go on before its labels count as unknown, in milliseconds. */
const STALE_AFTER = 30_000;

/** Pause before a broken watch is started again, in milliseconds. */
const RESTART_AFTER = 2_000;

/**
 * Keeps the labels of all namespaces by list and watch.
 *
 * Before the first list, for a namespace that is not listed, and once the watch has been broken for half a minute, a context
 * has no labels: policies that need them then refuse.
 */
export function watchNamespaces(cluster: Cluster, log: Logger): Namespaces {
  let brokenSince: number | undefined = performance.now();
  let synced = false;
  let stopped = false;
  let restart: NodeJS.Timeout | undefined;
  const informer = makeInformer(cluster.config, '/api/v1/namespaces', async () => {
    const list = await cluster.core.listNamespace();
    synced = true;
    brokenSince = undefined;
    return list;
  });
  const start = (): void => void informer.start().then(() => {
    brokenSince = undefined;
  }, broken);
  const broken = (error?: unknown): void => {
    brokenSince ??= performance.now();
    if (!stopped) {
      log.warn({ event: 'namespace-watch-broken', message: describeCall(error) });
      clearTimeout(restart);
      restart = setTimeout(start, RESTART_AFTER);
    }
  };
  informer.on('error', broken);
  start();
  const known = (): boolean => synced && (brokenSince === undefined || performance.now() - brokenSince < STALE_AFTER);
  return {
    contextOf: (name): NamespaceContext => {
      const namespace = known() ? informer.get(name) : undefined;
      return namespace === undefined ? { name } : { name, labels: namespace.metadata?.labels ?? {} };
    },
    troubles: () => (known() ? [] : ['the labels of namespaces are not known: the watch is not established']),
    stop: () => {
      stopped = true;
      clearTimeout(restart);
      return informer.stop();
    },
  };
}
