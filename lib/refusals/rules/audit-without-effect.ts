import { canonicalJson } from '../../policy/canonical-json';
import { ImagePolicy } from '../../policy/document';
import { isWithin } from '../../policy/namespaces';
import { NormalPolicy } from '../../policy/normal';
import { normalize } from '../../policy/normalize';
import { Rule } from '../rule';
import { verifierDocuments } from '../verifier-documents';

export const auditWithoutEffect: Rule = {
  code: 'AUDIT_WITHOUT_EFFECT',
  title: 'An audit window over what another policy refuses',
  why: 'All policies that match an image must hold, so that a window lets nothing pass that another policy, which demands the same, refuses.',
  remedy: 'Take these images or namespaces out of the other policy, or remove this one.',
  check: (subject) => verifierDocuments(subject).flatMap(({ policies }) => policies.filter(({ document }) => document.spec.action?.type === 'Audit').flatMap(({ object, document }) => {
    const stricter = policies.find((other) => other.document.spec.action?.type !== 'Audit' && demandsAll(normalPolicy(other.document), normalPolicy(document)));
    return stricter === undefined ? [] : [{ object, path: 'spec.action', message: `What it would let pass, the policy ${stricter.document.metadata.name} refuses already.` }];
  })),
};

/** Whether one policy demands everything that another does, of all its images, wherever it holds. */
function demandsAll(policy: NormalPolicy, other: NormalPolicy): boolean {
  const demands = demandsOf(policy);
  return isWithin(other.namespaces, policy.namespaces)
    && other.images.every((image) => policy.images.some((pattern) => image === pattern || (pattern.endsWith('/**') && image.startsWith(pattern.slice(0, -2)))))
    && (other.tags === policy.tags || other.tags === 'pin')
    && (other.sameBuild === policy.sameBuild || other.sameBuild === undefined)
    && demandsOf(other).every((demand) => demands.includes(demand));
}

/** Each requirement with those who can meet it, whatever the policy calls them. */
function demandsOf({ requirements, attestors }: NormalPolicy): string[] {
  return requirements.map(({ name: _name, ...requirement }) => canonicalJson({
    ...requirement, attestors: requirement.attestors.map((attestor) => canonicalJson(attestors[attestor])).sort(),
  }));
}

function normalPolicy(document: ImagePolicy): NormalPolicy {
  return normalize(document) as NormalPolicy;
}
