import { fieldsOf, list } from '../fields';
import { attestorsOf, ImageValidatingPolicy, inImageValidatingPolicies } from '../image-validating-policies';
import { Observation, Rule } from '../rule';
import { show } from '../show';

export const kyvernoUnverified: Rule = {
  code: 'KYVERNO_UNVERIFIED',
  title: 'An ImageValidatingPolicy that declares what it never asks for',
  why: 'Attestors and attestations enforce nothing by being listed: only what an expression calls is verified, and an alias in place of a predicate type makes the payload unreadable. verifyImageSignatures takes any bundle of the signer for a signature, an SBOM included.',
  remedy: 'Call verifyAttestationSignatures for each attestation with each of its attestors and compare the number it returns; for signatures of cosign 3 with the type https://sigstore.dev/cosign/sign/v1 in place of verifyImageSignatures.',
  check: (subject) => inImageValidatingPolicies(subject, shortfalls),
};

const CALL = /\bverify(?:Image|Attestation)Signatures\s*\(/;

function shortfalls(policy: ImageValidatingPolicy): Array<Omit<Observation, 'object'>> {
  const { spec, cel } = policy;
  if (!cel.some((expression) => CALL.test(expression))) {
    return [{ path: 'spec.validations', message: 'No expression verifies anything: the policy looks strict, and whatever is attached counts.' }];
  }
  const attestations = list(spec.attestations).map(fieldsOf);
  const isNamed = (name: unknown): boolean => typeof name === 'string' && cel.some((expression) => mentions(expression, name));
  return [
    ...attestorsOf(policy).filter(({ name }) => !isNamed(name)).map(({ path, name }) => ({ path, message: `No expression names the attestor ${show(name)}: nobody asks for its word.` })),
    ...attestations.flatMap(({ name }, index) => (isNamed(name) ? [] : [{ path: `spec.attestations[${index}]`, message: `No expression names the attestation ${show(name)}: nobody asks for it.` }])),
    ...attestations.flatMap(({ intoto }, index) => {
      const { type } = fieldsOf(intoto);
      return intoto === undefined || (typeof type === 'string' && type.includes('://')) ? [] : [{
        path: `spec.attestations[${index}].intoto.type`, message: `${show(type)} is no predicate type but an alias of one: what was verified is then not found by extractPayload.`,
      }];
    }),
    ...cel.some((expression) => /\bverifyImageSignatures\s*\(/.test(expression)) ? [{ path: 'spec.validations', message: 'verifyImageSignatures counts every bundle of the signer, an SBOM or a provenance as well as a signature.' }] : [],
  ];
}

/** As a field (`attestors.release`) or as a text. */
function mentions(expression: string, name: string): boolean {
  return new RegExp(`(?:\\.|["'])${name.replace(/[\\^$.|?*+()[\]{}/]/g, '\\$&')}(?![\\w-])`).test(expression);
}
