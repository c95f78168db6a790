import { Fields, fieldsOf, list } from '../fields';
import { weakIdentity } from '../identity';
import { attestorsOf, inImageValidatingPolicies } from '../image-validating-policies';
import { Observation, Rule } from '../rule';

export const kyvernoIdentity: Rule = {
  code: 'KYVERNO_IDENTITY',
  title: 'An attestor of an ImageValidatingPolicy that more can be than it says',
  why: 'Half an identity, or an expression that is not anchored, is met by certificates that anybody can get; some fields are in the schema and not read; without the log a signature of a certificate has no time.',
  remedy: 'Write one identity for each attestor, with issuer and subject in full, or with expressions anchored by ^ and $ and with their dots escaped; nothing else below keyless, and no insecureIgnore beside it.',
  check: (subject) => inImageValidatingPolicies(subject, (policy) => attestorsOf(policy).flatMap(({ path, cosign }) => weaknesses(`${path}.cosign`, cosign))),
};

type Found = Array<Omit<Observation, 'object'>>;

function weaknesses(path: string, cosign: Fields): Found {
  const { keyless } = cosign;
  if (keyless === undefined) {
    return [];
  }
  const { identities, additionalExtensions, roots } = fieldsOf(keyless);
  const ctlog = fieldsOf(cosign.ctlog);
  const listed = list(identities).map(fieldsOf);
  return [
    ...listed.length === 0 ? [{ path: `${path}.keyless.identities`, message: 'Without an identity every certificate of the authority counts.' }] : [],
    ...listed.flatMap((identity, index) => weakIn(`${path}.keyless.identities[${index}]`, identity)),
    ...roots === undefined ? [] : [{ path: `${path}.keyless.roots`, message: 'It is not read: certificates of another authority, the public one, count.' }],
    ...additionalExtensions === undefined ? [] : [{ path: `${path}.keyless.additionalExtensions`, message: 'It is not read: what it should compare is not compared.' }],
    ...['insecureIgnoreTlog', 'insecureIgnoreSCT'].filter((name) => ctlog[name] === true).map((name) => ({ path: `${path}.ctlog.${name}`, message: 'Nobody else has to have seen the certificate or the signature.' })),
  ];
}

function weakIn(path: string, identity: Fields): Found {
  return [
    ...weakIdentity(identity).map((message) => ({ path, message })),
    ...identity.subjectExpression === undefined ? [] : [{ path: `${path}.subjectExpression`, message: 'It is not read: every subject counts.' }],
  ];
}
