import { codeOf, selectsField } from '../cel-text';
import { ImageAdmissionPolicy, imageAdmissionPolicies } from '../image-admission';
import { Found } from '../requests';
import { Rule } from '../rule';

export const imageVapUnseen: Rule = {
  code: 'IMAGE_VAP_UNSEEN',
  title: 'A ValidatingAdmissionPolicy that does not look at every image of a Pod',
  why: 'A Pod has four lists of images: containers, init containers, ephemeral containers and image volumes. What no expression looks at runs; "exists" is content with one image that is in order.',
  remedy: 'Make one list of all four, as docs/lint.md shows, and write the condition with all over it.',
  lintOnly: true,
  check: (subject) => imageAdmissionPolicies(subject).flatMap((policy) => (
    [...unseen(policy), ...contentWithOne(policy)].map((found) => ({ object: policy.object.id, ...found }))
  )),
};

const LISTS = ['containers', 'initContainers', 'ephemeralContainers', 'volumes'];

function unseen({ expressions }: ImageAdmissionPolicy): Found[] {
  const code = expressions.map(({ text }) => codeOf(text));
  const missing = LISTS.filter((field) => !code.some((text) => selectsField(text, field)));
  return missing.length === 0 ? [] : [{ path: 'spec.validations', message: `No expression looks at ${missing.join(', ')}: images that stand there run.` }];
}

/** A list of containers of which one is enough, unless what is denied is that there is one. */
const ONE_IS_ENOUGH = /(?<![!\w.?\])])(?:[A-Za-z_][\w.?]*\.)?\??\w*[cC]ontainers(?:\.orValue\(\s*\[\s*\]\s*\))?\.exists\(\s*(\w+)\s*,[^]*?\b\1\s*\.\s*\??image\b/;

function contentWithOne({ expressions }: ImageAdmissionPolicy): Found[] {
  return expressions.filter(({ path, text }) => path.startsWith('spec.validations') && isContent(codeOf(text))).map(({ path }) => (
    { path, message: 'It holds when one container is in order (exists), whatever the others run.' }
  ));
}

function isContent(code: string): boolean {
  const found = ONE_IS_ENOUGH.exec(code);
  return found !== null && !/!\s*\(*\s*$/.test(code.slice(0, found.index));
}
