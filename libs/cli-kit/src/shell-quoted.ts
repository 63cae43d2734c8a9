/** A word as a shell takes it to the letter, whatever it holds: within single quotes. */
export function shellQuoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
