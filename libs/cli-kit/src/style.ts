/** Marks parts of terminal output; plain text when colour is not wanted. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  red(text: string): string;
}

/**
 * Colour only on a terminal that knows colours; FORCE_COLOR asks for it elsewhere, and NO_COLOR forbids it everywhere
 * (https://no-color.org).
 */
export function styleFor(stream: { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv): Style {
  const on = wantsColour(stream.isTTY === true, environment);
  const mark = (open: number, close: number) => (text: string) =>
    on ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return { bold: mark(1, 22), dim: mark(2, 22), green: mark(32, 39), yellow: mark(33, 39), red: mark(31, 39) };
}

/** Whether one line may be written over another: on a terminal that takes control sequences, unless NO_COLOR forbids them. */
export function rewritesLines(
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  return stream.isTTY === true && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
}

function wantsColour(isTerminal: boolean, { NO_COLOR, FORCE_COLOR, TERM }: NodeJS.ProcessEnv): boolean {
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return isTerminal && TERM !== 'dumb';
}
