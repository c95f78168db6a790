import { member } from '../../policy/problem';
import { Rule } from '../rule';
import { SHIPPED_TRUST_ROOTS, valuesOf, verifiers } from '../verifiers';

export const trustRootMissing: Rule = {
  code: 'TRUST_ROOT_MISSING',
  title: 'A policy names a trust root that the verifier is not given',
  why: 'Nothing can be verified against it, so the verifier does not start, and until somebody notices nothing can be deployed.',
  remedy: 'Give the TrustRoot to the attestor, so that the synthesis mounts it, or use sigstore or github, which ship with the verifier.',
  check: (subject) => {
    const deployments = verifiers(subject);
    return subject.documents.flatMap(({ object, document, source }) => {
      const known = deployments.filter(({ object: { namespace } }) => source.kind === 'ConfigMap' && namespace === source.namespace)
        .map(({ args }) => [...SHIPPED_TRUST_ROOTS, ...valuesOf(args, '--trust-root').map((text) => text.slice(0, text.indexOf('=')))]);
      return document.kind === 'ImagePolicy' && known.length > 0 ? Object.entries(document.spec.attestors)
        .filter(([, { trustRoot = 'sigstore' }]) => !known.every((names) => names.includes(trustRoot)))
        .map(([name, { trustRoot }]) => ({ object, path: `${member('spec.attestors', name)}.trustRoot`, message: `The trust root ${trustRoot} is given to nobody.` })) : [];
    });
  },
};
