/** What a terminal shows in a line unless somebody made it wider. */
export const LINE_WIDTH = 80;

/**
 * Breaks a text between words into lines of 80 characters at most. The first begins with `first` spaces, those after it
 * with `indent`. A word that is longer stays whole: it may be an address.
 */
export function wrap(text: string, indent = 0, first = 0): string[] {
  const lines: string[] = [];
  let line = ' '.repeat(first);
  let isBegun = false;
  for (const word of text.split(' ')) {
    if (isBegun && line.length + 1 + word.length > LINE_WIDTH) {
      lines.push(line);
      line = `${' '.repeat(indent)}${word}`;
    } else {
      line = isBegun ? `${line} ${word}` : `${line}${word}`;
      isBegun = true;
    }
  }
  return [...lines, line];
}
