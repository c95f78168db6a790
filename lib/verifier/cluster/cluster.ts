import { NamespaceContext } from '../../policy/normal';

/** The namespaces of the cluster and their labels, kept current by a watch. */
export interface Namespaces {
  /** A context without labels while the namespace is not known: policies that need labels then refuse. */
  contextOf(name: string): NamespaceContext;
  /** Why labels are not known right now; empty when they are. */
  troubles(): readonly string[];
  stop(): Promise<void>;
}

/** For policy sets that select no namespace by label: names are all that is needed, and nothing is asked of the cluster. */
export const NAMES_ONLY: Namespaces = {
  contextOf: (name) => ({ name }),
  troubles: () => [],
  stop: () => Promise.resolve(),
};
