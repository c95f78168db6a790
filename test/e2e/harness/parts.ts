/**
 * What to say of arguments other than none, which is everything, and the name of one part; `undefined` when they are understood.
 *
 * @param command - with which the program is started, without what follows `--`
 */
export function misreadPart(args: readonly string[], parts: readonly string[], command: string): string | undefined {
  const [part] = args;
  if (part === undefined || (args.length === 1 && parts.includes(part))) {
    return undefined;
  }
  const unknown = args.find((arg) => !arg.startsWith('-') && !parts.includes(arg));
  return `${unknown === undefined ? '' : `there is no part ${unknown}\n`}usage: ${command} [-- PART]; parts: ${parts.join(', ')}\n`;
}
