import { isAnchored, whyUnanchored } from './anchored';
import { Fields } from './fields';

/** Why others than those it means can meet an identity of Kyverno, as exact texts or as expressions; none, where nobody can. */
export function weakIdentity(identity: Fields): string[] {
  return (['issuer', 'subject'] as const).flatMap((part) => {
    const [exact, expression] = [identity[part], identity[`${part}RegExp`]];
    if (typeof exact === 'string' && exact !== '') {
      return [];
    }
    return isAnchored(expression) ? [] : [
      expression === undefined ? `It says no ${part}: whoever has it, counts.` : `${part}RegExp ${whyUnanchored(expression)}`,
    ];
  });
}
