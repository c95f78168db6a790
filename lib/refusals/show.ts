/** A value as a message names it, short and whatever its shape; nothing of it is called. */
export function show(value: unknown): string {
  const text = typeof value === 'string' && /^[\w./:-]+$/.test(value) ? value : value === undefined ? 'absent' : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
