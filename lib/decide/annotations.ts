import { Check, CLOSENESS } from './check';
import { CHECKS } from './check-names';
import { Examined } from './examined';
import { show } from './show';

/** The signature carries each of these annotations, byte for byte; what it carries beside them does not matter. */
export function annotationChecks(annotations: { readonly [name: string]: string }): Check<Examined>[] {
  return Object.entries(annotations).map(([name, expected]) => ({
    name: CHECKS.annotation(name),
    shortfall: ({ statement: { annotations: given = {} } }) => {
      const found = Object.hasOwn(given, name) ? given[name] : undefined;
      return found === expected ? undefined : {
        code: 'WRONG_ANNOTATION',
        closeness: CLOSENESS.otherAnnotation,
        message: `expected a signature annotated with ${show(name)} as ${show(expected)}, found ${found === undefined ? 'one without it' : show(found)}`,
      };
    },
  }));
}
