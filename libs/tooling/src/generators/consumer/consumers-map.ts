/** How a consumer treats duplicates and order. Source: terraform/modules/consumer. */
export type ConsumerPolicy = 'once' | 'in-order' | 'latest';

/** `terraform/variables.tf` is not laid out as the generator expects. */
export class ConsumersMapError extends Error {
  override readonly name = 'ConsumersMapError';
}

/** An entry of the map, as far as the generator fills it in. */
export interface ConsumerEntry {
  readonly policy: ConsumerPolicy;
  /** Aggregate type to event types; none are all of them. */
  readonly on: Readonly<Record<string, readonly string[]>>;
  /** Left out where the consumer never emits. */
  readonly emits?: boolean;
}

function valueOf({ policy, on, emits }: ConsumerEntry): string {
  const types = Object.entries(on).map(
    ([aggregate, names]) => `${aggregate} = [${names.map((name) => `"${name}"`).join(', ')}]`,
  );
  return `{ policy = "${policy}", on = { ${types.join(', ')} }${emits === undefined ? '' : `, emits = ${emits}`} }`;
}

/**
 * The text of `terraform/variables.tf` with one more entry at the end of the default of `consumers`, laid out as
 * `terraform fmt` would.
 * @throws ConsumersMapError when there is no such map, or it has an entry of that name
 */
export function withConsumer(variables: string, name: string, entry: ConsumerEntry): string {
  const found = /^variable "consumers" \{\n[\s\S]*?^ {2}default = \{\n(?<entries>[\s\S]*?)^ {2}\}\n/m.exec(variables);
  const entries = found?.groups?.['entries'];
  if (found === null || entries === undefined) {
    throw new ConsumersMapError('terraform/variables.tf has no variable "consumers" whose default is a map.');
  }
  if (new RegExp(`^ {4}"?${name}"?\\s*=`, 'm').test(entries)) {
    throw new ConsumersMapError(`NAME: terraform/variables.tf has a consumer ${name} already. Choose another name.`);
  }
  const lines = [...entries.trimEnd().split('\n'), `    ${name} = ${valueOf(entry)}`];
  const start = found.index + found[0].lastIndexOf(entries);
  return `${variables.slice(0, start)}${aligned(lines).join('\n')}\n${variables.slice(start + entries.length)}`;
}

/** Lines with the equals signs of the last run of one-line entries below each other. */
function aligned(lines: readonly string[]): readonly string[] {
  const oneLine = /^ {4}(?<key>\S+)\s+= (?<value>\{.*\})$/;
  const first = lines.findLastIndex((line) => !oneLine.test(line)) + 1;
  const run = lines.slice(first).map((line) => oneLine.exec(line)?.groups ?? {});
  const width = Math.max(...run.map(({ key = '' }) => key.length));
  return [...lines.slice(0, first), ...run.map(({ key = '', value = '' }) => `    ${key.padEnd(width)} = ${value}`)];
}
