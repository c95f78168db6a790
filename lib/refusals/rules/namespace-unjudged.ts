import { NAMESPACE_NAME_LABEL } from '../../kubernetes/labels';
import { DEFAULT_NAMESPACES, coversNamespace } from '../../policy/namespaces';
import { NamespaceSelection } from '../../policy/document';
import { fieldsOf, list, texts } from '../fields';
import { selects } from '../label-selector';
import { Rule, Subject } from '../rule';
import { show } from '../show';
import { verifierNamespaces } from '../verifiers';
import { configurations, ownEntries, WebhookEntry } from '../webhook-entries';

export const namespaceUnjudged: Rule = {
  code: 'NAMESPACE_UNJUDGED',
  title: 'A namespace that a policy or deny list covers is not judged',
  why: 'In a namespace that no webhook entry selects, every image runs: those that break the policy, those that no policy matches, and those on a deny list, which is asked only where a policy holds.',
  remedy: 'Keep the namespaceSelector of the entries as the synthesis renders it; say in spec.namespaces of the policies and deny lists where they hold, and judge both together.',
  check: (subject) => {
    const entries = ownEntries(subject).filter(({ object }) => object.kind === 'ValidatingWebhookConfiguration');
    const own = verifierNamespaces(subject);
    const policies = policiesOf(subject, entries);
    const names = namesIn(policies, entries).filter((name) => !own.has(name));
    return policies.flatMap((policy) => {
      const left = names.filter((name) => isLeftOut(name, policy, entries));
      return left.length === 0 ? [] : [{
        object: policy.object,
        path: policy.path,
        message: `Nobody judges ${left.map((name) => (name === ANY_OTHER ? 'the namespaces that are named nowhere' : name)).slice(0, 4).join(', ')}, ${policy.holding === undefined ? 'and no policy among these objects says so' : `where ${policy.holding} holds`}.`,
      }];
    });
  },
};

/** Stands for every namespace that neither documents nor selectors name. */
const ANY_OTHER = 'any-other-namespace';

/** Where something has to be judged. */
interface Scope {
  readonly object: string;
  readonly path: string;
  readonly selection: NamespaceSelection;
  readonly isAudited: boolean;
  /** What holds there, by kind and name. @default - nothing: it is what a policy that says nothing means, because there is none */
  readonly holding?: string;
}

function policiesOf(subject: Subject, entries: readonly WebhookEntry[]): Scope[] {
  const policies = subject.documents.flatMap(({ object, document, engine }) => (document.kind === 'ImageExemption' || engine !== undefined ? [] : [{
    object, path: 'spec.namespaces', selection: document.spec.namespaces ?? DEFAULT_NAMESPACES, holding: `the ${document.kind === 'ImagePolicy' ? 'policy' : 'deny list'} ${show(document.metadata.name)}`,
    isAudited: document.kind === 'ImagePolicy' && document.spec.action?.type === 'Audit',
  }]));
  if (policies.length > 0) {
    // Bare documents, or nothing that enforces at all, which is another rule's.
    return entries.length === 0 ? [] : policies;
  }
  return configurations(subject).filter(({ own, kind }) => own && kind === 'ValidatingWebhookConfiguration').map(({ id }) => (
    { object: id, path: 'webhooks', selection: DEFAULT_NAMESPACES, isAudited: false }
  ));
}

function namesIn(policies: readonly Scope[], entries: readonly WebhookEntry[]): string[] {
  const said = policies.flatMap(({ selection }) => ('names' in selection ? selection.names : 'except' in selection ? selection.except : selection.labels[NAMESPACE_NAME_LABEL] ?? []));
  const selected = entries.flatMap(({ fields }) => {
    const { matchLabels, matchExpressions } = fieldsOf(fields.namespaceSelector);
    const listed = list(matchExpressions).map(fieldsOf).filter(({ key }) => key === NAMESPACE_NAME_LABEL).flatMap(({ values }) => texts(values));
    return [...texts([fieldsOf(matchLabels)[NAMESPACE_NAME_LABEL]]), ...listed];
  });
  return [...new Set([...said, ...selected, ANY_OTHER])].sort();
}

function isLeftOut(name: string, { selection, isAudited }: Scope, entries: readonly WebhookEntry[]): boolean {
  // The API server sets this label itself, whatever a policy asks for.
  const labels = { ...'labels' in selection ? selection.labels : {}, [NAMESPACE_NAME_LABEL]: name };
  const roles: readonly string[] = isAudited ? ['enforce', 'audit'] : ['enforce'];
  return coversNamespace(selection, { name, labels }) === true && !entries.some(({ role, fields }) => roles.includes(role) && selects(fields.namespaceSelector, labels));
}
