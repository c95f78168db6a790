import { NAMESPACE_NAME_LABEL } from '../../kubernetes/labels';
import { DEFAULT_NAMESPACES, coversNamespace } from '../../policy/namespaces';
import { NamespaceSelection, PolicyDocument } from '../../policy/document';
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
      if (left.length === 0) {
        return [];
      }
      const unjudged = `Nobody judges ${left.map(called).slice(0, 4).join(', ')}, ${policy.holding === undefined ? 'and no policy among these objects says so' : `where ${policy.holding} holds`}`;
      const refused = (name: string): boolean => policies.some((other) => isRefusing(other) && covers(other, name, policy.selection));
      if (policy.kind !== 'ImageDenyList' || left.some(refused)) {
        return [{ object: policy.object, path: policy.path, message: `${unjudged}.` }];
      }
      // Nobody has touched a selector: no policy has the API server ask there.
      const watching = policies.find((other) => other.isAudited && left.some((name) => covers(other, name, policy.selection)));
      const judged = names.filter((name) => name !== ANY_OTHER && refused(name)).map((name) => `'${name}'`);
      const narrow = `say in the list's namespaces where one does: ${judged.length === 0 ? 'what that policy says in its own' : `NamespaceSelection.names(${judged.slice(0, 4).join(', ')}${judged.length > 4 ? ', …' : ''})`}`;
      return [{
        object: policy.object,
        path: policy.path,
        message: `${unjudged}: ${watching === undefined ? 'no policy is for them' : `${watching.holding} is in its audit window, in which nothing is refused, and no other policy is for them`}.`,
        remedy: watching === undefined ? `Add a policy for them, or ${narrow}.` : `End the audit window, add a policy for them that refuses, or ${narrow}.`,
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
  /** Of the document that says so. @default - none does */
  readonly kind?: PolicyDocument['kind'];
  readonly isAudited: boolean;
  /** What holds there, by kind and name. @default - nothing: it is what a policy that says nothing means, because there is none */
  readonly holding?: string;
}

function policiesOf(subject: Subject, entries: readonly WebhookEntry[]): Scope[] {
  const policies = subject.documents.flatMap(({ object, document, engine }) => (document.kind === 'ImageExemption' || engine !== undefined ? [] : [{
    object, path: 'spec.namespaces', selection: document.spec.namespaces ?? DEFAULT_NAMESPACES, holding: `the ${document.kind === 'ImagePolicy' ? 'policy' : 'deny list'} ${show(document.metadata.name)}`,
    kind: document.kind, isAudited: document.kind === 'ImagePolicy' && document.spec.action?.type === 'Audit',
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

function called(name: string): string {
  return name === ANY_OTHER ? 'the namespaces that are named nowhere' : name;
}

function isRefusing({ kind, isAudited }: Scope): boolean {
  return kind === 'ImagePolicy' && !isAudited;
}

/** Whether it is for a namespace of another selection. */
function covers({ selection }: Scope, name: string, among: NamespaceSelection): boolean {
  return coversNamespace(selection, { name, labels: labelsIn(among, name) }) === true;
}

/** Labels of a namespace that a selection is for; the API server sets that of the name itself, whatever a policy asks for. */
function labelsIn(selection: NamespaceSelection, name: string): { readonly [key: string]: string } {
  return { ...'labels' in selection ? selection.labels : {}, [NAMESPACE_NAME_LABEL]: name };
}

function isLeftOut(name: string, scope: Scope, entries: readonly WebhookEntry[]): boolean {
  const roles: readonly string[] = scope.isAudited ? ['enforce', 'audit'] : ['enforce'];
  const labels = labelsIn(scope.selection, name);
  return covers(scope, name, scope.selection) && !entries.some(({ role, fields }) => roles.includes(role) && selects(fields.namespaceSelector, labels));
}
