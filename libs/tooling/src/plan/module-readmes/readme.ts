import { type HclBlock, hclText } from './hcl-blocks.ts';

const begin = '<!-- inputs and outputs: begin (UPDATE_DOCS=1 npx nx test tooling) -->';
const end = '<!-- inputs and outputs: end -->';

/** The README of a module with what stands between its marks replaced by what `blocks` say; without marks, undefined. */
export function withInterface(readme: string, blocks: readonly HclBlock[]): string | undefined {
  const [from, to] = [readme.indexOf(begin), readme.indexOf(end)];
  if (from < 0 || to < from) return undefined;
  return `${readme.slice(0, from)}${begin}\n\n${moduleInterface(blocks)}\n\n${readme.slice(to)}`;
}

/** A new module's README: its title and the marks. */
export function emptyReadme(module: string): string {
  return `# ${module}\n\n${begin}\n\n${end}\n`;
}

/** What a module makes, takes and gives, in the order of its files: `main.tf`, `variables.tf` and `outputs.tf` share it. */
function moduleInterface(blocks: readonly HclBlock[]): string {
  const ofType = (type: string): readonly HclBlock[] => blocks.filter((block) => block.type === type);
  const inputs = ofType('variable').map((block) => [
    code(block.labels[0] ?? ''),
    code(oneLine(block.arguments.get('type') ?? 'any')),
    block.arguments.has('default') ? code(oneLine(block.arguments.get('default') ?? '')) : 'required',
    description(block),
  ]);
  const outputs = ofType('output').map((block) => [code(block.labels[0] ?? ''), description(block)]);
  const made = [
    ...ofType('module').map(({ labels, arguments: args }) => [code(`module.${labels[0]}`), origin(args.get('source'))]),
    ...ofType('resource').map(({ labels: [type, name] }) => [code(`${type}.${name}`), 'resource']),
  ];
  return [
    `## Makes\n\n${table(['what', 'from'], made)}`,
    `## Inputs\n\n${table(['name', 'type', 'default', 'description'], inputs)}`,
    `## Outputs\n\n${table(['name', 'description'], outputs)}`,
  ].join('\n\n');
}

function origin(source: string | undefined): string {
  const path = source === undefined ? '' : hclText(source);
  return `[${path}](${path})`;
}

/** A description as one cell. @throws Error when there is none: it is what the reader came for */
function description({ type, labels, arguments: args }: HclBlock): string {
  const expression = args.get('description');
  if (expression === undefined) throw new Error(`${type} ${labels.join('.')} has no description`);
  const escaped = hclText(expression).replaceAll('<', '&lt;').replaceAll('*', '\\*');
  return escaped.replaceAll('|', '\\|').replaceAll('\n', '<br>');
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

/** Several lines of an expression as one: members of an object are separated by commas then. */
function oneLine(expression: string): string {
  const lines = expression.split('\n').map((line) => line.trim().replaceAll(/ {2,}/g, ' '));
  return lines.reduce((text, line) => {
    if (text === '') return line;
    return /[({[]$/.test(text) || /^[)}\]]/.test(line) ? `${text} ${line}` : `${text}, ${line}`;
  }, '');
}

/** Padded as Prettier does. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(3, ...[head, ...rows].map((row) => (row[column] ?? title).length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
