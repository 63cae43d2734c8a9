import type { Action } from './actions';

/**
 * The arguments of outboxctl that do it. What comes from outside is a value and never an option, whatever it begins with:
 * options hold theirs behind `=`, arguments stand behind `--`.
 */
export function argumentsOf(action: Action): readonly string[] {
  switch (action.action) {
    case 'redrive':
      return ['dlq', 'redrive', ...chosen(action), '--', action.consumer];
    case 'drop':
      return ['dlq', 'drop', ...chosen(action), ...option('reason-text', action.because), '--', action.consumer];
    case 'retry-failed':
      return [
        ...['failed', 'retry', ...(action.sequence === undefined ? ['--all'] : option('sequence', action.sequence))],
        ...(action.aggregate === undefined ? [] : ['--', action.aggregate]),
      ];
    case 'skip':
      return [
        ...['skip', ...option('consumer', action.consumer), ...option('to', action.to)],
        ...[...option('reason', action.reason), '--', action.aggregate],
      ];
    case 'reconcile':
      return ['reconcile', '--limit=20', ...option('since', action.since)];
    case 'repair':
      return ['reconcile', '--repair', '--limit=20', ...option('since', action.since)];
    case 'sweep':
      return ['sweep'];
    case 'pause':
    case 'resume':
      return [action.action, '--', action.stage];
  }
}

/** The command that does it, as it can be pasted into bash or zsh, whatever it was made of. */
export function commandLine(action: Action): string {
  const words = argumentsOf(action);
  const shown = words.filter((word, index) => word !== '--' || words[index + 1]?.startsWith('-'));
  return ['outboxctl', ...shown.map(shellWord)].join(' ');
}

/** Dead letters by reason or by message. */
function chosen({ reason, messages = [] }: Extract<Action, { action: 'redrive' | 'drop' }>): string[] {
  return [...option('reason', reason), ...messages.flatMap((id) => option('message', id))];
}

function option(name: string, value: string | number | undefined): string[] {
  return value === undefined ? [] : [`--${name}=${value}`];
}

/** A word that a shell takes to the letter; control characters are spelled, since a terminal would act on them. */
function shellWord(word: string): string {
  if (/^[\w@%+:,./-][\w@%+=:,./-]*$/.test(word)) return word;
  if (!/\p{Cc}/u.test(word)) return `'${word.replaceAll("'", `'\\''`)}'`;
  const spelled = word.replace(/[\\'!]|\p{Cc}/gu, (character) => ESCAPES[character] ?? codeOf(character));
  return `$'${spelled}'`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', "'": "\\'", '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function codeOf(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
