import { Command, Option } from 'commander';

/**
 * An option that has to be given.
 *
 * The parser's own kind is missed before unknown options are noticed: of `--polcy x` it would only say that --policy is not there.
 */
export class RequiredOption extends Option {
  constructor(flags: string, description: string) {
    super(flags, `${description} (required)`);
  }
}

/** Ends a command with the first required option that is missing; to be called once its arguments are known to be right. */
export function checkRequired(command: Command): void {
  const missing = command.options.find((option) => option instanceof RequiredOption && command.getOptionValue(option.attributeName()) === undefined);
  if (missing !== undefined) {
    command.error(`error: required option '${missing.flags}' not specified`);
  }
}
