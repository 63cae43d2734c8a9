import { Argument, type Command } from 'commander';
import type { ProgramContext } from './context';
import { shellQuoted } from './shell-quoted';
import { verbsOf } from './verbs';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

/** `completion SHELL`: what a shell completes the program's commands and options by. */
export function addCompletionCommand(program: Command, { print }: Pick<ProgramContext, 'print'>): void {
  program
    .command('completion')
    .description('print what a shell completes commands and options by')
    .addArgument(new Argument('<shell>', 'your shell').choices(SHELLS))
    .action((shell: Shell) => print(completionScript(program, shell)));
}

/** Where a command line is among the commands, and what may come next. */
interface Place {
  /** `.` is the program, `./dlq/list` its `dlq list`. */
  readonly path: string;
  readonly options: readonly { readonly name: string; readonly description: string }[];
  readonly commands: readonly { readonly name: string; readonly description: string }[];
}

/** The script for a shell; `source <(PROGRAM completion bash)` takes it. */
export function completionScript(program: Command, shell: Shell): string {
  const places = verbsOf(program).map(({ words, command }): Place => {
    const own = command.options.map(({ long, description }) => ({ name: long ?? '', description }));
    const common =
      words.length === 0 ? [] : program.options.map(({ long, description }) => ({ name: long ?? '', description }));
    return {
      path: ['.', ...words].join('/'),
      options: [...own, ...common, { name: '--help', description: 'display help for command' }].filter(
        ({ name }) => name !== '',
      ),
      commands: command.commands.map((each) => ({ name: each.name(), description: each.description() })),
    };
  });
  return SCRIPTS[shell](program.name(), places);
}

const SCRIPTS: Readonly<Record<Shell, (name: string, places: readonly Place[]) => string>> = { bash, zsh, fish };

function bash(name: string, places: readonly Place[]): string {
  return `_${name}() {
  local place=. word words=
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$place/$word" in
      ${known(places)}) place="$place/$word" ;;
    esac
  done
  case "$place" in
${places.map((place) => `    ${shellQuoted(place.path)}) words=${shellQuoted(wordsOf(place))} ;;`).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _${name} ${name}`;
}

function zsh(name: string, places: readonly Place[]): string {
  return `#compdef ${name}
_${name}() {
  local place=. word
  for word in \${words[2,CURRENT-1]}; do
    case "$place/$word" in
      ${known(places)}) place="$place/$word" ;;
    esac
  done
  case "$place" in
${places.map((place) => `    ${shellQuoted(place.path)}) compadd -- ${wordsOf(place)} ;;`).join('\n')}
  esac
  _files
}
compdef _${name} ${name}`;
}

function fish(name: string, places: readonly Place[]): string {
  const is = (path: string): string => `-n ${shellQuoted(`test (__${name}_place) = ${path}`)}`;
  return [
    `function __${name}_place
  set -l place .
  for word in (commandline -opc)[2..-1]
    switch "$place/$word"
      case ${places
        .slice(1)
        .map(({ path }) => path)
        .join(' ')}
        set place "$place/$word"
    end
  end
  echo $place
end`,
    ...places.flatMap(({ path, commands, options }) => [
      ...commands.map(
        (command) =>
          `complete -c ${name} ${is(path)} -f -a ${command.name} -d ${shellQuoted(short(command.description))}`,
      ),
      ...options.map(
        (option) =>
          `complete -c ${name} ${is(path)} -l ${option.name.slice(2)} -d ${shellQuoted(short(option.description))}`,
      ),
    ]),
  ].join('\n');
}

function known(places: readonly Place[]): string {
  return places
    .slice(1)
    .map(({ path }) => path)
    .join('|');
}

function wordsOf({ commands, options }: Place): string {
  return [...commands, ...options].map(({ name }) => name).join(' ');
}

/** A menu shows a line of each. */
function short(description: string): string {
  return description.split(/[:;,]/)[0] ?? '';
}
