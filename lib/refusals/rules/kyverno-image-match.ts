import { fieldsOf, list } from '../fields';
import { ImageValidatingPolicy, inImageValidatingPolicies } from '../image-validating-policies';
import { Observation, Rule } from '../rule';
import { show } from '../show';

export const kyvernoImageMatch: Rule = {
  code: 'KYVERNO_IMAGE_MATCH',
  title: 'An ImageValidatingPolicy that is about other images than it looks',
  why: 'A glob is compared with the text of the Pod, and "*" crosses slashes: "ghcr.io/acme*" is met by ghcr.io/acme-evil, and an image that is written another way than the glob is not verified at all. What matches nothing is skipped, not refused.',
  remedy: 'Leave spec.matchImageReferences out, or write an expression with an anchored pattern, and refuse in spec.validations what no policy names.',
  check: (subject) => inImageValidatingPolicies(subject, globs),
};

function globs({ spec }: ImageValidatingPolicy): Array<Omit<Observation, 'object'>> {
  return list(spec.matchImageReferences).map(fieldsOf).flatMap(({ glob, expression }, index) => {
    const path = `spec.matchImageReferences[${index}]`;
    if (glob !== undefined) {
      return [{ path: `${path}.glob`, message: `${show(glob)} is compared with the text of the Pod, and "*" crosses slashes: other spellings of the same image are skipped.` }];
    }
    return typeof expression === 'string' && /\.matches\(\s*r?["'](?!\^)/.test(expression) ? [{ path: `${path}.expression`, message: 'Its pattern is not anchored: it is met by any text that contains what it means.' }] : [];
  });
}
