/** A section of a page: its title, and its text without it. */
export interface Section {
  readonly title: string;
  readonly text: string;
}

/** The sections of a Markdown page whose titles begin with `## `; what stands before the first isn't part of any. */
export function sectionsOf(markdown: string): readonly Section[] {
  return markdown
    .split(/^## /m)
    .slice(1)
    .map((part) => {
      const [title = '', ...lines] = part.split('\n');
      return { title, text: lines.join('\n') };
    });
}

/**
 * The commands of a text's fenced `sh` blocks, one each, as they stand there: a line that ends in a backslash goes on in
 * the next one. Lines that are empty or a comment are none.
 */
export function shellCommandsOf(markdown: string): readonly string[] {
  const blocks = [...markdown.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, block = '']) => block);
  return blocks
    .flatMap((block) => block.split(/(?<!\\)\n/))
    .map((command) => command.trim())
    .filter((command) => command !== '' && !command.startsWith('#'));
}

/** The words of a simple command without substitutions, its quotes and its comment taken away. */
export function shellWordsOf(command: string): readonly string[] {
  const words = [...command.replaceAll('\\\n', ' ').matchAll(/(?<=^|\s)(?:#.*|"([^"]*)"|'([^']*)'|(\S+))/g)];
  const comment = words.findIndex(([text]) => text.startsWith('#'));
  return (comment === -1 ? words : words.slice(0, comment)).map(
    ([, double, single, plain]) => double ?? single ?? plain ?? '',
  );
}
