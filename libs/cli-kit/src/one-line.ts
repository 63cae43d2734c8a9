/** Text of other programs without its line breaks and indentation. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
