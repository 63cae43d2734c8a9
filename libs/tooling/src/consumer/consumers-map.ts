/** How a consumer treats duplicates and order. Source: terraform/modules/consumer. */
export type ConsumerPolicy = 'once' | 'in-order' | 'latest';

/** `terraform/variables.tf` is not laid out as the generator expects. */
export class ConsumersMapError extends Error {
  override readonly name = 'ConsumersMapError';
}

const values: Readonly<Record<ConsumerPolicy, string>> = {
  once: '{ policy = "once", on = { order = ["OrderCreated"] } }',
  'in-order': '{ policy = "in-order", on = { order = [] } }',
  latest: '{ policy = "latest", on = { order = [] } }',
};

/**
 * The text of `terraform/variables.tf` with one more entry at the end of the default of `consumers`, laid out as
 * `terraform fmt` would.
 * @throws ConsumersMapError when there is no such map, or it has an entry of that name
 */
export function withConsumer(variables: string, name: string, policy: ConsumerPolicy): string {
  const found = /^variable "consumers" \{\n[\s\S]*?^ {2}default = \{\n(?<entries>[\s\S]*?)^ {2}\}\n/m.exec(variables);
  const entries = found?.groups?.['entries'];
  if (found === null || entries === undefined) {
    throw new ConsumersMapError('terraform/variables.tf has no variable "consumers" whose default is a map.');
  }
  if (new RegExp(`^ {4}"?${name}"?\\s*=`, 'm').test(entries)) {
    throw new ConsumersMapError(`terraform/variables.tf has a consumer ${name} already.`);
  }
  const lines = [...entries.trimEnd().split('\n'), `    ${name} = ${values[policy]}`];
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
