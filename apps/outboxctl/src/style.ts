/** Marks parts of terminal output; plain text when colour is not wanted. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  red(text: string): string;
}

/** Colour only on a terminal, and never under NO_COLOR (https://no-color.org). */
export function styleFor(stream: { readonly isTTY?: boolean }, environment: NodeJS.ProcessEnv): Style {
  const on = stream.isTTY === true && !environment['NO_COLOR'];
  const mark = (open: number, close: number) => (text: string) =>
    on ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return { bold: mark(1, 22), dim: mark(2, 22), green: mark(32, 39), yellow: mark(33, 39), red: mark(31, 39) };
}
