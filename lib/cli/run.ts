import { Command, CommanderError, OutputConfiguration } from 'commander';
import { version } from '../../package.json';
import { PolicyFileError } from '../verifier/policies/load';
import { EXIT, ExitCode } from './exit';
import { checkRequired } from './required-option';
import { Terminal } from './terminal';

/** Makes one command of the program, given where to write and how to end. */
export type CommandFactory = (terminal: Terminal, exit: (code: ExitCode) => void) => Command;

/**
 * Parses the arguments, runs the command, and turns whatever goes wrong into one readable message and exit code 2.
 *
 * `exit` is told the code once; a command that goes on running (serve) tells it when it ends.
 */
export async function runProgram(factories: readonly CommandFactory[], args: readonly string[], terminal: Terminal, exit: (code: ExitCode) => void): Promise<void> {
  const output: OutputConfiguration = {
    writeOut: (text) => terminal.out.write(text),
    writeErr: (text) => terminal.err.write(text),
    // Every line that tells what went wrong begins with who says so.
    outputError: (text, write) => write(text.replace(/^error: /, 'proofgate: ')),
  };
  const program = new Command('proofgate')
    .description('Only images with proof may run: judge images, serve the admission webhook, lint manifests, write them from policy documents, import policies of other engines.')
    .version(version, '--version', 'print the version')
    .addHelpText('afterAll', `\n${CONTRACT}`)
    .hook('preAction', (_program, command) => checkRequired(command))
    .configureOutput(output)
    .showHelpAfterError('Run \'proofgate --help\' for the commands.')
    .exitOverride();
  for (const factory of factories) {
    const command = factory(terminal, exit);
    program.addCommand(command
      .exitOverride()
      .configureOutput(output)
      .showHelpAfterError(`Run 'proofgate ${command.name()} --help' for what it takes.`));
  }
  const [word = ''] = args[0] === 'help' ? args.slice(1) : args;
  // Beside a command that there is not, --help would be that of the program, and the mistake would end well.
  const isUnknown = /^[^-]/.test(word) && !program.commands.some((command) => command.name() === word);
  try {
    await program.parseAsync(isUnknown ? [word] : args, { from: 'user' });
  } catch (error) {
    terminal.progress('');
    if (error instanceof CommanderError) {
      exit(error.exitCode === 0 ? EXIT.ok : EXIT.failed);
      return;
    }
    terminal.err.write(describeFailure(error));
    exit(EXIT.failed);
  }
}

/** What a script relies on. */
const CONTRACT = `Exit codes:
  ${EXIT.ok}  allowed, no findings, all written or carried over, or stopped when asked
  ${EXIT.refused}  denied, warned (admitted by an audit window alone), covered by no policy (nothing
     was verified), findings, refused, or left out
  ${EXIT.failed}  could not run as asked

Environment:
  PROOFGATE_NODE  path of a Node for verify and serve, where the one that runs
                  proofgate is too old for them; all other commands run on Node
                  20 and later
  NO_COLOR        no colour, also on a terminal
`;

/** Errors are written for people; the stack of an unforeseen one helps those who mend it. */
function describeFailure(error: unknown): string {
  if (error instanceof PolicyFileError) {
    return `proofgate: the policy cannot be used:\n${error.problems.map((problem) => `  ${problem}\n`).join('')}`;
  }
  if (error instanceof Error && error.constructor !== TypeError && error.constructor !== RangeError && error.constructor !== ReferenceError) {
    return `proofgate: ${error.message}\n`;
  }
  return `proofgate: unexpected error: ${error instanceof Error ? error.stack ?? error.message : String(error)}\n`;
}
