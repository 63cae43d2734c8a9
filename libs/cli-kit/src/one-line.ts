/** Text of other programs without its line breaks, its indentation, and what would move a terminal's cursor. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
}
