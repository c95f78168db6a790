import { textCalls, TextCall } from '../cel-text';
import { imageAdmissionPolicies } from '../image-admission';
import { Rule } from '../rule';
import { show } from '../show';

export const imageVapMatch: Rule = {
  code: 'IMAGE_VAP_MATCH',
  title: 'A ValidatingAdmissionPolicy that compares images by a text that others can have',
  why: 'CEL compares the text of the Pod. A beginning that does not end with "/" is that of look-alikes as well (ghcr.io/acme-evil, ghcr.io.evil.example); "contains" and a pattern that is not anchored are met anywhere in the text; and one image has several spellings (nginx, docker.io/nginx, index.docker.io/library/nginx, capitals in the host), so that a list of what is refused is passed by another one.',
  remedy: 'Allow only what is written out in full: startsWith with a text that ends with "/", or matches with a pattern that begins with ^, escapes its dots and says where the host ends; write lists of what is allowed, not of what is refused.',
  lintOnly: true,
  check: (subject) => imageAdmissionPolicies(subject).flatMap(({ object, expressions }) => expressions.flatMap(({ path, text }) => (
    textCalls(text).filter(isAboutImage).flatMap((call) => weakness(call) ?? []).map((message) => ({ object: object.id, path, message }))
  ))),
};

/** Called on an image, or on the only name of an element. */
function isAboutImage({ receiver }: TextCall): boolean {
  return /(?:^|\.)\??(?:image|img|reference|ref)$|^[a-z]\w*$/i.test(receiver);
}

/** Begins as a host or a repository does; tags, digests and single characters are compared for other reasons. */
function isPlace(text: string): boolean {
  return /^\w[\w-]*[./][^@]*$/.test(text) || /^[\w.-]+:\d+/.test(text);
}

function weakness({ negated, name, text }: TextCall): string | undefined {
  switch (name) {
    case 'startsWith':
      if (!isPlace(text)) {
        return undefined;
      }
      return negated ? REFUSES(text) : /[/:@]$/.test(text) ? undefined : `${show(text)} is also how look-alikes begin: it does not end with "/".`;
    case 'contains':
      return isPlace(text) ? negated ? REFUSES(text) : `${show(text)} can stand anywhere in a reference, in the path of another registry, too.` : undefined;
    case 'matches':
      return negated || !/[./\\]/.test(text) ? undefined : weakPattern(text);
    default: return undefined;
  }
}

const REFUSES = (text: string): string => `It refuses what is written as ${show(text)}: the same image has other spellings.`;

function weakPattern(text: string): string | undefined {
  const anchored = /^(?:\(\?[a-z]+\))?\^/.test(text);
  if (!anchored) {
    return `${show(text)} is not anchored with ^: it is met anywhere in a reference.`;
  }
  const host = text.replace(/\\+[.]/g, '').replace(/\[[^\]]*\]/g, '').split('/')[0] ?? '';
  return !/[/$]/.test(text) ? `${show(text)} does not say where the host ends: look-alikes begin alike.` : /\w\.\w/.test(host) ? `${show(text)} has a dot in its host that stands for any character.` : undefined;
}
