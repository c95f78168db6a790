import { AdmissionPolicySpec, guardSpec } from '../kubernetes/guard';
import { labelGuardName, labelGuardSpec, selectingLabels } from '../kubernetes/guard-labels';
import { certManagerOf, objectGuardName, objectGuardSpec } from '../kubernetes/guard-objects';
import { isDnsSubdomain } from '../kubernetes/names';
import { Fields, fieldsOf, list } from './fields';
import { Subject } from './rule';
import { documentsOf, isPinned, valuesOf, Verifier } from './verifiers';

/** Whether an admission policy is one of the guards of a verifier, by the variables that no other one has. */
export function isGuard(content: Fields): boolean {
  const names = list(fieldsOf(content.spec).variables).map((variable) => fieldsOf(variable).name);
  return names.includes('operatorGroups') && ['ownDeployment', 'ofVerifier', 'selecting'].some((name) => names.includes(name));
}

/** What is wanted beside the verifier, and why. */
export interface WantedGuard {
  readonly name: string;
  readonly does: string;
  readonly spec: AdmissionPolicySpec;
  /** Variables whose values another rule speaks of. */
  readonly unsaid: readonly string[];
  /** What the verifier's Deployment has, where the guard lets nothing else run. */
  readonly image?: string;
}

/** What the expressions of the three are, whatever they are rendered for. */
export const GUARD_VALIDATIONS: ReadonlyArray<readonly string[]> = [
  guardSpec({ namespace: '', name: '', image: '', operatorGroups: [] }),
  objectGuardSpec({ namespace: '', name: '', operatorGroups: [], certManager: undefined }),
  labelGuardSpec([], []),
].map(({ validations }) => validations.map(({ expression }) => expression));

/** Another rule speaks of them. */
const OPERATORS = ['operatorGroups'];

/** The admission policies that guard a verifier. */
export function wantedGuards(verifier: Verifier, subject: Subject): WantedGuard[] {
  const { object: { name, namespace }, containers: [container] } = verifier;
  const image = container?.image;
  const isText = typeof image === 'string' && /^[\x20-\x7e]+$/.test(image);
  const subjects = { namespace: isDnsSubdomain(namespace) ? namespace : '', name: isDnsSubdomain(name) ? name : '', operatorGroups: [] };
  const keys = selectingLabels(documentsOf(subject, namespace));
  return [
    {
      name,
      does: 'closes the namespace to every image but the verifier\'s own',
      // What is no literal is not pinned.
      spec: guardSpec({ ...subjects, image: isText ? image : '' }),
      // An image that is not pinned is another rule's: the guard follows from it, and has to be left alone.
      unsaid: container === undefined || isPinned(image) ? OPERATORS : [...OPERATORS, 'image'],
      ...(isText ? { image } : {}),
    },
    {
      name: objectGuardName(name),
      does: 'keeps what the verifier decides with from everybody but operators',
      spec: objectGuardSpec({ ...subjects, certManager: issuerNamespace(verifier, subject) }),
      unsaid: OPERATORS,
    },
    ...(keys.length === 0 ? [] : [{ name: labelGuardName(name), does: 'keeps the labels by which documents select namespaces', spec: labelGuardSpec(keys, []), unsaid: OPERATORS }]),
  ];
}

/**
 * Namespace of the cert-manager that makes a verifier's certificate; `undefined` for one that makes its own.
 *
 * Only the policy itself says its name; that of the verifier's own namespace would let everything in it write its Secrets.
 */
export function issuerNamespace({ object: { name, namespace }, args }: Verifier, { objects }: Subject): string | undefined {
  if (valuesOf(args, '--tls').includes('self-managed')) {
    return undefined;
  }
  const policy = objects.find(({ own, kind, name: found }) => own && kind === 'ValidatingAdmissionPolicy' && found === objectGuardName(name));
  const groups = list(fieldsOf(policy?.content.spec).variables).map(fieldsOf).find((variable) => variable.name === 'certificateGroups')?.expression;
  const found = certManagerOf(groups);
  return found !== undefined && found !== namespace && isDnsSubdomain(found) ? found : 'cert-manager';
}
