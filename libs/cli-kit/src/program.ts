import { Command, CommanderError, type Option } from 'commander';
import { addCompletionCommand } from './completion';
import type { ProgramContext } from './context';
import { EXIT } from './errors';
import { explain, renderExplanation, type Surroundings } from './explain';
import { verbsOf } from './verbs';

const EXIT_CODES = `Exit codes: 0 done, 1 failed or found something, 2 bad usage or no stack,
3 AWS can't be asked (network, credentials, permissions), 4 not found;
130 and 143 interrupted, 141 nobody read the output.`;

/** A command line: its name, its commands, and what its help says; `Own` is what they need besides what all get. */
export interface ProgramDefinition<Own extends object> {
  readonly name: string;
  readonly description: string;
  /** Options of every command, besides `--json` and `--stack`. */
  readonly options?: readonly Option[];
  /** A line each: a call, then what it is for. */
  readonly examples: string;
  /** Command lines of each command, by its words: `dlq redrive`. Its help shows them. */
  readonly verbExamples: Readonly<Record<string, readonly string[]>>;
  /** Each adds one command, or a group of them. */
  readonly commands: readonly ((program: Command, context: ProgramContext & Own) => void)[];
}

/** What the command tree is made for. */
export interface TreeOptions {
  /** Under `--json` errors are JSON too, on standard error. */
  readonly json: boolean;
  /** Gets errors, in one piece each. */
  readonly complain: (text: string) => void;
}

export interface RunOptions extends Pick<TreeOptions, 'complain'> {
  readonly version: string;
  /** As the AWS SDK reads it: errors tell from it where AWS is. */
  readonly environment: Surroundings;
}

/**
 * Runs one command line of a program over a context; returns the exit code. An error goes to `complain` as one message,
 * never a stack trace: what failed, why, and what to do.
 */
export async function runProgram<Own extends object>(
  definition: ProgramDefinition<Own>,
  argv: readonly string[],
  context: ProgramContext & Own,
  { version, complain, environment }: RunOptions,
): Promise<number> {
  const json = asksForJson(argv);
  // Asked for alone, or with --json: nothing else is needed to answer.
  if (argv.find((argument) => argument !== '--json') === '--version') {
    context.print(json ? JSON.stringify({ version }) : version);
    return 0;
  }
  let exitCode = 0;
  const setExitCode = (code: number): void => void (exitCode = code);
  const program = createTree(definition, { ...context, setExitCode }, { json, complain });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      // Commander has told a person already.
      const message = error.code === 'commander.help' ? 'no command is given' : error.message.replace(/^error: /, '');
      const hint = `${definition.name} help shows the verbs`;
      if (json) complain(renderExplanation(definition.name, { message, hint }, true));
      return EXIT.usage;
    }
    const explanation = explain(error, environment);
    complain(renderExplanation(definition.name, explanation, json));
    return explanation.exitCode;
  }
}

/** Whether a command line asks for JSON; known before it is parsed, for it may be one that can't be. */
export function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).includes('--json');
}

/** The program as commander has it; nothing is run. */
export function createTree<Own extends object>(
  { name, description, options = [], examples, verbExamples, commands }: ProgramDefinition<Own>,
  context: ProgramContext & Own,
  { json, complain }: TreeOptions,
): Command {
  const program = new Command(name)
    .description(description)
    .option('--json', 'machine-readable output')
    .option('--stack <file>', 'the output of `terraform output -json` (asks Terraform unless given)')
    .showHelpAfterError(`(${name} help shows the verbs)`)
    .addHelpText('after', `\nExamples:\n${examples}\n\n${EXIT_CODES}`)
    .configureOutput({
      writeOut: (text) => context.print(text.trimEnd()),
      // As JSON they are written where they are caught.
      writeErr: (text) => (json ? undefined : complain(text.trimEnd())),
    })
    .exitOverride();
  for (const option of options) program.addOption(option);
  for (const add of commands) add(program, context);
  addCompletionCommand(program, context);
  for (const { words, command } of verbsOf(program)) {
    const lines = words.join(' ') === COMPLETION ? completionExamples(name) : (verbExamples[words.join(' ')] ?? []);
    if (lines.length > 0) command.addHelpText('after', `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`);
  }
  return program;
}

const COMPLETION = 'completion';

function completionExamples(name: string): readonly string[] {
  return [
    `source <(${name} completion bash)`,
    `${name} completion zsh > ~/.zsh/completions/_${name}`,
    `${name} completion fish | source`,
  ];
}
