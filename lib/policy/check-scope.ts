import { isDnsLabel } from './dns-label';
import { parsed } from './exact';
import { describe, Field } from './field';
import { parseInstant } from './instant';
import { isLabelKey, isLabelValue } from './label';

/** `NamespaceSelection`: exactly one of its three forms. */
export function checkNamespaces(field: Field): void {
  const names = listedNames(field.value);
  if (names !== undefined) {
    field.problem(`is ${describe(field.value)}: write an object, {names: [${names.join(', ')}]}`);
    return;
  }
  const fields = field.members([], ['except', 'names', 'labels']);
  if (fields === undefined) {
    return;
  }
  const forms = [fields.except, fields.names, fields.labels].filter((form) => !form.absent);
  if (forms.length !== 1) {
    field.problem(`has ${forms.length === 0 ? 'none' : forms.length} of except, names and labels: write exactly one of them`);
    return;
  }
  (fields.except.list() ?? []).forEach(checkNamespace);
  fields.names.elements().forEach(checkNamespace);
  checkLabels(fields.labels);
}

/** Names are compared as they are. */
function checkNamespace(field: Field): void {
  if (typeof field.value === 'string' && field.value.includes('*')) {
    field.problem(`is ${describe(field.value)}, and a namespace is named in full: for several, select by label`);
  } else {
    checkName(field);
  }
}

/** The names that somebody meant who wrote them where a selection belongs; `undefined` for anything but names. */
export function listedNames(value: unknown): readonly string[] | undefined {
  const names: readonly unknown[] = Array.isArray(value) ? value : [value];
  return names.length > 0 && names.every((name): name is string => typeof name === 'string' && isDnsLabel(name)) ? names : undefined;
}

/** `Action`. */
export function checkAction(field: Field): void {
  const type = discriminate(field, ['Deny', 'Audit']);
  if (type === 'Deny') {
    field.members(['type']);
  } else if (type === 'Audit') {
    checkAccountability(field.members(['type', 'reason', 'owner', 'until']));
  }
}

/** `Accountability`. That `until` has passed is no mistake in the document; the verifier enforces from then on. */
export function checkAccountability(fields: { readonly reason: Field; readonly owner: Field; readonly until: Field } | undefined): void {
  fields?.reason.text();
  fields?.owner.text();
  if (fields !== undefined) {
    parsed(fields.until, parseInstant);
  }
}

/** A DNS-1123 label. */
export function checkName(field: Field): string | undefined {
  const text = field.text();
  return text === undefined || isDnsLabel(text)
    ? text
    : field.problem(`is ${describe(text)}, which is not a DNS label: use up to 63 lower-case letters, digits and inner hyphens`);
}

/** The value of `type`, which says what else belongs into an object. */
export function discriminate<W extends string>(field: Field, words: readonly W[]): W | undefined {
  const type = field.entries()?.find(([key]) => key === 'type');
  if (type === undefined) {
    return field.isObject ? field.at('type').problem('is missing: add it') : undefined;
  }
  return type[1].word(words);
}

function checkLabels(field: Field): void {
  const labels = field.entries();
  if (labels?.length === 0) {
    field.problem('is empty, which would select every namespace: name at least one label, or leave namespaces out');
  }
  for (const [key, value] of labels ?? []) {
    if (!isLabelKey(key)) {
      value.problem('has a key that cannot be the key of a label: write name or prefix/name');
    } else if (typeof value.value !== 'string' || !isLabelValue(value.value)) {
      value.problem(`is ${describe(value.value)}, which cannot be the value of a label: use up to 63 letters, digits and inner "-", "_" and "."`);
    }
  }
}
