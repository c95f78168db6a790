import { isDnsSubdomain } from './dns-label';

/** Whether Kubernetes takes a text as the key of a label: `name` or `prefix/name`. */
export function isLabelKey(text: string): boolean {
  const parts = text.split('/');
  const name = parts[parts.length - 1] ?? '';
  return name !== '' && isLabelValue(name) && (parts.length === 1 || (parts.length === 2 && isDnsSubdomain(parts[0] ?? '')));
}

/** Whether Kubernetes takes a text as the value of a label: up to 63 letters, digits and inner `-`, `_`, `.`; may be empty. */
export function isLabelValue(text: string): boolean {
  return text === '' || (text.length <= 63 && /^[A-Za-z0-9._-]+$/.test(text) && /^[A-Za-z0-9]/.test(text) && /[A-Za-z0-9]$/.test(text));
}
