import { isAnchored } from './anchored';
import { Fields } from './fields';
import { show } from './show';

/** Why others than those it means can meet an identity of Kyverno, as exact texts or as expressions; none, where nobody can. */
export function weakIdentity(identity: Fields): string[] {
  return (['issuer', 'subject'] as const).flatMap((part) => {
    const [exact, expression] = [identity[part], identity[`${part}RegExp`]];
    if (typeof exact === 'string' && exact !== '') {
      return [];
    }
    return isAnchored(expression) ? [] : [
      expression === undefined ? `It says no ${part}: whoever has it, counts.` : `${part}RegExp ${show(expression)} is met by any text that contains what it means: it needs ^ and $, no bare ".*", and its dots escaped.`,
    ];
  });
}
