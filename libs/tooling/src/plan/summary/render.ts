import { changesNothing, type Removal, type Summary, type Update } from './summarise.ts';

/** How a summary is written: for a terminal, or for the comment of a pull request. */
export type SummaryFormat = 'text' | 'markdown';

/** Longest comment that GitHub takes is 65,536 characters; what surrounds the summary needs some of them. */
const longestMarkdown = 60_000;

/** Widest line of what is listed side by side in a terminal. */
const width = 118;

interface Section {
  readonly title: string;
  readonly count: number;
  readonly lines: readonly string[];
  /** Short things that nobody reads one by one: a first apply must fit on a screen. */
  readonly sideBySide?: boolean;
}

/** The summary as text, ending without a line break. */
export function render(summary: Summary, format: SummaryFormat): string {
  const code = format === 'markdown' ? (text: string): string => `\`${text}\`` : (text: string): string => text;
  const sections = sectionsOf(summary, code).filter(({ lines }) => lines.length > 0);
  const blocks = [headline(summary), ...sections.map((section) => block(section, format))];
  const text = blocks.join('\n\n');
  if (format === 'text' || text.length <= longestMarkdown) return text;
  return `${text.slice(0, text.lastIndexOf('\n', longestMarkdown))}\n\n… the rest doesn't fit into a comment: run \`make plan-summary\``;
}

function headline(summary: Summary): string {
  if (changesNothing(summary)) return 'No changes to resources.';
  const created = summary.created.reduce((total, { count }) => total + count, 0);
  const { replaced, destroyed, updated } = summary;
  return `Plan: ${replaced.length} to replace, ${destroyed.length} to destroy, ${updated.length} to change, ${created} to create.`;
}

function sectionsOf(summary: Summary, code: (text: string) => string): readonly Section[] {
  const list = (title: string, lines: readonly string[], count = lines.length): Section => ({ title, count, lines });
  const sideBySide = (section: Section): Section => ({ ...section, sideBySide: true });
  const created = summary.created.reduce((total, { count }) => total + count, 0);
  return [
    list('REPLACED: destroyed, then made anew', summary.replaced.map(removalLine(code))),
    list('DESTROYED', summary.destroyed.map(removalLine(code))),
    list('Warnings of checks', summary.warnings),
    list('Changed', summary.updated.flatMap(updateLines(code)), summary.updated.length),
    sideBySide(
      list(
        'Created',
        summary.created.map(({ type, count }) => `${count} × ${code(type)}`),
        created,
      ),
    ),
    list(
      'Moved',
      summary.moved.map(({ from, to }) => `${code(from)} → ${code(to)}`),
    ),
    list('Imported', summary.imported.map(code)),
    list('Forgotten: no longer managed, still running', summary.forgotten.map(code)),
    sideBySide(list('Outputs changed', summary.outputs.map(code))),
  ];
}

function block({ title, count, lines, sideBySide = false }: Section, format: SummaryFormat): string {
  if (format === 'markdown') {
    const items = sideBySide ? lines.join(', ') : lines.map((line) => `- ${line}`).join('\n');
    return `### ${title} (${count})\n\n${items}`;
  }
  const items = sideBySide ? wrapped(lines) : lines;
  return [`${title} (${count})`, ...items.map((line) => `  ${line}`)].join('\n');
}

/** The words one after the other, in as few lines as they need. */
function wrapped(words: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last === undefined || `  ${last}, ${word},`.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last}, ${word}`;
  }
  return lines.map((line, index) => (index < lines.length - 1 ? `${line},` : line));
}

function removalLine(code: (text: string) => string): (removal: Removal) => string {
  return ({ address, holdsData, because }) => {
    const notes = [
      ...(holdsData ? ['WHAT IT HOLDS IS LOST'] : []),
      ...(because.length > 0 ? [`because of ${because.map(code).join(', ')}`] : []),
    ];
    return [code(address), ...(notes.length > 0 ? [notes.join('; ')] : [])].join(': ');
  };
}

/** One line per resource: its attributes, and of numbers and booleans what they become. */
function updateLines(code: (text: string) => string): (update: Update) => readonly string[] {
  return ({ address, attributes }) => {
    const names = attributes.map(({ path, detail }) =>
      detail === undefined ? code(path) : `${code(path)} (${detail})`,
    );
    return [`${code(address)}: ${names.length > 0 ? names.join(', ') : 'nothing that shows'}`];
  };
}
