/** A top-level block of a Terraform file and its direct arguments, each as the text of its expression. */
export interface HclBlock {
  readonly type: string;
  readonly labels: readonly string[];
  readonly arguments: ReadonlyMap<string, string>;
}

/** A line that is none of what `terraform fmt` writes. */
export class HclLayoutError extends Error {
  override readonly name = 'HclLayoutError';
}

/**
 * Top-level blocks of a file that `terraform fmt` wrote, which the gate checks: then the layout tells what belongs where,
 * and no expression need be understood. Nested blocks are passed over.
 * @throws HclLayoutError on a file that is laid out otherwise
 */
export function hclBlocks(text: string): readonly HclBlock[] {
  const blocks: HclBlock[] = [];
  let lines: string[] | undefined;
  let header: RegExpExecArray | null = null;
  for (const line of text.split('\n')) {
    if (header === null) {
      header = /^([a-z_]+)((?: "[^"]*")*) \{(\})?$/.exec(line);
      lines = [];
      if (header === null && !/^(#.*)?$/.test(line))
        throw new HclLayoutError(`not as terraform fmt writes it: ${line}`);
    } else if (line !== '}') {
      lines?.push(line);
    }
    if (header !== null && (line === '}' || header[3] === '}')) {
      const labels = [...(header[2] ?? '').matchAll(/"([^"]*)"/g)].map(([, label]) => label ?? '');
      blocks.push({ type: header[1] ?? '', labels, arguments: argumentsIn(lines ?? []) });
      header = null;
    }
  }
  if (header !== null) throw new HclLayoutError(`no end of the block: ${header[0]}`);
  return blocks;
}

/** The text that a `description` holds: a quoted string or an indented heredoc. @throws HclLayoutError on anything else */
export function hclText(expression: string): string {
  const heredoc = /^<<-([A-Z]+)\n([\s\S]*)\n\s*\1$/.exec(expression);
  if (heredoc !== null) {
    const lines = (heredoc[2] ?? '').split('\n');
    const indent = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
    return lines.map((line) => line.slice(indent)).join('\n');
  }
  if (!/^"(?:[^"\\]|\\.)*"$/.test(expression)) throw new HclLayoutError(`no text: ${expression}`);
  // HCL's escapes in a quoted text are JSON's, as far as descriptions use them.
  return JSON.parse(expression) as string;
}

/** Arguments start two spaces in; whatever follows deeper, and the closing bracket or heredoc mark, belongs to them. */
function argumentsIn(lines: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let current: string | undefined;
  for (const line of lines) {
    const start = /^ {2}([a-z_0-9]+) += (.*)$/.exec(line);
    if (start !== null) {
      current = start[1] ?? '';
      found.set(current, start[2] ?? '');
    } else if (/^ {2}[a-z_]+(?: "[^"]*")* \{/.test(line) || /^ {2}#/.test(line)) {
      current = undefined;
    } else if (current !== undefined) {
      found.set(current, `${found.get(current) ?? ''}\n${line}`.trimEnd());
    }
  }
  return found;
}
