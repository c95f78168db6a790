import { Fields, fieldsOf, list } from '../fields';
import { attestorsOf, inImageValidatingPolicies } from '../image-validating-policies';
import { Observation, Rule } from '../rule';
import { show } from '../show';

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
  const { identities, additionalExtensions } = fieldsOf(keyless);
  const ctlog = fieldsOf(cosign.ctlog);
  const listed = list(identities).map(fieldsOf);
  return [
    ...listed.length === 0 ? [{ path: `${path}.keyless.identities`, message: 'Without an identity every certificate of the authority counts.' }] : [],
    ...listed.flatMap((identity, index) => weakIdentity(`${path}.keyless.identities[${index}]`, identity)),
    ...additionalExtensions === undefined ? [] : [{ path: `${path}.keyless.additionalExtensions`, message: 'It is not read: what it should compare is not compared.' }],
    ...['insecureIgnoreTlog', 'insecureIgnoreSCT'].filter((name) => ctlog[name] === true).map((name) => ({ path: `${path}.ctlog.${name}`, message: 'Nobody else has to have seen the certificate or the signature.' })),
  ];
}

function weakIdentity(path: string, identity: Fields): Found {
  return [
    ...(['issuer', 'subject'] as const).flatMap((part) => {
      const [exact, expression] = [identity[part], identity[`${part}RegExp`]];
      if (typeof exact === 'string' && exact !== '') {
        return [];
      }
      return isAnchored(expression) ? [] : [{
        path, message: expression === undefined ? `It says no ${part}: whoever has it, counts.` : `${part}RegExp ${show(expression)} is met by any text that contains what it means: it needs ^ and $, no bare ".*", and its dots escaped.`,
      }];
    }),
    ...identity.subjectExpression === undefined ? [] : [{ path: `${path}.subjectExpression`, message: 'It is not read: every subject counts.' }],
  ];
}

/** From the first to the last character, without alternatives beside each other and without a dot for any character. */
function isAnchored(expression: unknown): boolean {
  if (typeof expression !== 'string' || !/^\^.+\$$/s.test(expression)) {
    return false;
  }
  const plain = expression.slice(1, -1).replace(/\\./g, '').replace(/\[[^\]]*\]/g, '').replace(/\((?:[^()]*)\)/g, '');
  return !/[.|]/.test(plain);
}
