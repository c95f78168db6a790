/** Whether a text is a DNS-1123 label: 1–63 lower-case letters, digits and inner hyphens. */
export function isDnsLabel(text: string): boolean {
  return text.length <= 63 && /^[a-z0-9-]+$/.test(text) && !text.startsWith('-') && !text.endsWith('-');
}

/** Whether a text is a DNS-1123 subdomain: up to 253 characters of dot-separated lower-case letters, digits and inner hyphens. */
export function isDnsSubdomain(text: string): boolean {
  return text.length <= 253 && text.split('.').every((label) => /^[a-z0-9-]+$/.test(label) && !label.startsWith('-') && !label.endsWith('-'));
}
