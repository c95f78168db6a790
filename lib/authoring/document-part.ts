import { Attestor, Requirement } from '../policy/document';
import { Problem, validateDocument } from '../policy/validate';
import { refuseProblems } from './input';

/** Refuses what is wrong with an attestor where it is made, before a policy names it. */
export function refuseAttestor(path: string, name: string, attestor: Attestor): void {
  const requirement: Requirement = { type: 'signature', name: 'signature', attestors: [name] };
  refuseProblems(path, problemsBelow('spec.attestors', new Map([[name, attestor]]), requirement));
}

/** Refuses what is wrong with a requirement where it is made, before a policy names it. */
export function refuseRequirement(path: string, attestors: ReadonlyMap<string, Attestor>, requirement: Requirement): void {
  refuseProblems(path, problemsBelow('spec.requirements', attestors, requirement));
}

/** The problems of a part, found in the smallest policy that holds it; their paths start at the part. */
function problemsBelow(prefix: string, attestors: ReadonlyMap<string, Attestor>, requirement: Requirement): Problem[] {
  const problems = validateDocument({
    apiVersion: 'proofgate.dev/v1',
    kind: 'ImagePolicy',
    metadata: { name: 'part' },
    spec: { images: ['registry.example/part'], attestors: Object.fromEntries(attestors), requirements: [requirement] },
  });
  return problems
    .filter(({ path }) => path.startsWith(prefix))
    .map(({ path, message }) => ({ path: partProperty(path.slice(prefix.length).replace(/^(?:\.[^.[]+|\[[^\]]*\])\.?/, '')), message }));
}

/** What the constructs call the fields of a part. */
export function partProperty(path: string): string {
  return path.replace(/^checks\./, '').replace(/^subject\.workflow\b/, 'subject').replace(/^subject\.refs\b/, 'subjectRefs').replace(/^certificate\b/, 'claims')
    .replace(/^(keys\[\d+\])\.validFor\.from$/, '$1.validFrom').replace(/^(keys\[\d+\])\.validFor\.until$/, '$1.validUntil').replace(/^(keys\[\d+\])\.validFor$/, '$1');
}
