import { listedNames } from '../policy/check-scope';
import { NamespaceSelection as NamespaceSelectionDocument } from '../policy/document';
import { Check, instance } from './properties';

/** Left out unless it is asked for by name: what runs there has to start before any webhook can answer. */
const KUBE_SYSTEM = 'kube-system';

/**
 * Where a policy holds.
 *
 * @example
 *
 * new SignedImagePolicy(this, 'payments', {
 *   images: ['ghcr.io/acme/payments/**'],
 *   attestors: [release],
 *   namespaces: NamespaceSelection.names('payments', 'payments-jobs'),
 * });
 */
export class NamespaceSelection {
  /** Every namespace but these and `kube-system`. */
  public static except(...names: string[]): NamespaceSelection {
    // Last, so that a message counts the names as the caller does.
    return new NamespaceSelection({ except: names.includes(KUBE_SYSTEM) ? names : [...names, KUBE_SYSTEM] });
  }

  /** Only these namespaces. */
  public static names(...names: string[]): NamespaceSelection {
    return new NamespaceSelection({ names });
  }

  /**
   * Namespaces that carry all of these labels. The verifier reads the labels from the API server, never from a request; whoever may label a
   * namespace decides whether the policy holds there.
   */
  public static labels(labels: { [key: string]: string }): NamespaceSelection {
    // A text would become one label for each of its letters; the policy refuses it.
    return new NamespaceSelection({ labels: typeof labels === 'object' ? { ...labels } : labels });
  }

  /** Every namespace; a verifier that is down then also stops what the cluster itself runs. */
  public static everyNamespaceIncludingKubeSystem(): NamespaceSelection {
    return new NamespaceSelection({ except: [] });
  }

  /** @internal */
  public readonly _document: NamespaceSelectionDocument;

  private constructor(document: NamespaceSelectionDocument) {
    this._document = document;
  }
}

/** Names, and an object that holds them, are what a document says instead: the message shows them as a selection. */
export const aNamespaceSelection: Check = instance(NamespaceSelection, 'NamespaceSelection', (value) => {
  const said = value === null || typeof value !== 'object' || Array.isArray(value) ? value : (value as { readonly names?: unknown }).names;
  const names = (listedNames(said) ?? ['payments']).map((name) => `'${name}'`);
  return `write NamespaceSelection.names(${names.join(', ')})`;
});
