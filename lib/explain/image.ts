import { plan } from '../decide/plan';
import { ImageReference } from '../kubernetes/reference';
import { PolicyDocument } from '../policy/document';
import { isOver } from '../policy/instant';
import { coversNamespace } from '../policy/namespaces';
import { NamespaceContext, NormalPolicy, PolicySet } from '../policy/normal';
import { policySet } from '../policy/policy-set';
import { outlineOf } from './outline';
import { word } from './words';

/** What decides about an image in a namespace, before anything is known of its evidence. */
export interface ImageExplanation {
  readonly answer: 'judged' | 'observed' | 'unmatched' | 'exempt' | 'denied' | 'not-denied' | 'not-covered' | 'labels-needed';
  /** The same as a sentence. */
  readonly says: string;
  /** What becomes of it while who is asked does not answer, where somebody has to be asked. */
  readonly unanswered: 'refused' | 'admitted' | 'unknown';
  /** Names of the policies that must hold, or, where none does, that would be warned of. */
  readonly policies: readonly string[];
  /** Of the documents that decide. */
  readonly outline: string;
}

/**
 * What a set of documents means for an image in a namespace: which of them decide, what they demand, and what happens without an answer.
 *
 * @throws DocumentError when two documents of one kind have the same name
 */
export function explainImage(documents: readonly PolicyDocument[], { name, digest }: ImageReference, namespace: NamespaceContext, now: number): ImageExplanation {
  const set = policySet(documents);
  const found = plan({ set, name, ...(digest === undefined ? {} : { digest }), namespace, now });
  const unanswered = unansweredIn(set, namespace, now);
  const only = (kind: PolicyDocument['kind'], names: readonly string[]): string => {
    const deciding = documents.filter((document) => document.kind === kind && names.includes(document.metadata.name));
    return deciding.length === 0 ? '' : outlineOf(deciding);
  };
  switch (found.type) {
    case 'denied':
      return { answer: 'denied', says: 'denied, whatever vouches for it', unanswered, policies: [], outline: only('ImageDenyList', [found.denyList.name]) };
    case 'exempt':
      return { answer: 'exempt', says: 'admitted without proof, by an exemption', unanswered, policies: [], outline: only('ImageExemption', [found.exemption.name]) };
    case 'uncovered':
      return { answer: 'not-covered', says: `admitted, unasked: no policy covers the namespace ${word(namespace.name)}`, unanswered, policies: [], outline: '' };
    case 'unknown-namespace':
      return { answer: 'labels-needed', says: `unknown: policies select by labels, and those of the namespace ${word(namespace.name)} are not said`, unanswered, policies: [], outline: '' };
    case 'unmatched':
      return found.observer === undefined
        ? { answer: 'unmatched', says: `refused: the namespace ${word(namespace.name)} is guarded, and no policy names the image`, unanswered, policies: [], outline: '' }
        : { answer: 'observed', says: `admitted with a warning until ${found.observer.action.until}: no policy names the image`, unanswered, policies: [], outline: '' };
    case 'judge': {
      const names = (found.policies.length > 0 ? found.policies : found.audited).map((policy) => policy.name);
      const says = found.policies.length > 0 ? 'judged by its proof: every policy below must hold, else it is refused' : 'judged by its proof: where a policy below does not hold, it is admitted with a warning';
      const outline = [only('ImagePolicy', [...names, ...found.audited.map((policy) => policy.name)]), only('ImageDenyList', denyingSigners(set, namespace))];
      return { answer: found.policies.length > 0 ? 'judged' : 'observed', says, unanswered, policies: names, outline: outline.filter((text) => text !== '').join('\n') };
    }
  }
}

/** Names of the deny lists whose signers, keys and certificates do not count there, or may not where labels are not said. */
function denyingSigners({ denyLists }: PolicySet, namespace: NamespaceContext): string[] {
  return denyLists.filter(({ signers, certificates, keys, namespaces }) => (
    signers.length + certificates.length + keys.length > 0 && coversNamespace(namespaces, namespace) !== false
  )).map(({ name }) => name);
}

/** The entry of a policy in its window may be ignored; every other one fails. */
function unansweredIn({ policies }: PolicySet, namespace: NamespaceContext, now: number): ImageExplanation['unanswered'] {
  const isEnforced = ({ action }: NormalPolicy): boolean => action.type === 'Deny' || isOver(action.until, now);
  const covered = policies.filter(isEnforced).map((policy) => coversNamespace(policy.namespaces, namespace));
  return covered.includes(true) ? 'refused' : covered.includes('unknown') ? 'unknown' : 'admitted';
}
