/** The default of `consumers` in terraform/variables.tf is laid out in a way that isn't understood. */
export class ConsumersLayoutError extends Error {
  override readonly name = 'ConsumersLayoutError';

  constructor(problem: string) {
    super(`terraform/variables.tf: ${problem}`);
  }
}

/** Of each consumer: aggregate type → the types of event it listens to; none are all of them. */
export type Listeners = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

/**
 * Who listens to what in a stack with defaults, from the text of terraform/variables.tf as `terraform fmt` lays it out.
 * @throws ConsumersLayoutError rather than overlook a consumer
 */
export function readListeners(variables: string): Listeners {
  const [, block] = /^variable "consumers" \{\n[\s\S]*?^ {2}default = \{\n([\s\S]*?)^ {2}\}\n/m.exec(variables) ?? [];
  if (block === undefined) throw new ConsumersLayoutError('no variable "consumers" whose default is a map');
  const [before, ...entries] = block.split(/^ {4}(?=[^ }#])/m);
  if (before !== '' || entries.length === 0) throw new ConsumersLayoutError('the default of consumers has no entry');
  return new Map(
    entries.map((entry) => {
      const [, name] = /^"?([a-z][a-z0-9-]*)"? += \{/.exec(entry) ?? [];
      const [, on] = /\bon\s*=\s*\{([^{}]*)\}/.exec(entry) ?? [];
      if (name === undefined || on === undefined) {
        throw new ConsumersLayoutError(`no consumer with an \`on\`: ${entry.trim()}`);
      }
      return [name, readSelection(name, on)];
    }),
  );
}

/** Names of the consumers that listen to an event. */
export function consumersOf(listeners: Listeners, aggregateType: string, type: string): string[] {
  return [...listeners].flatMap(([name, on]) => {
    const types = on.get(aggregateType);
    return types && (types.length === 0 || types.includes(type)) ? [name] : [];
  });
}

/** `order = ["OrderCreated"], shipment = []` */
function readSelection(name: string, on: string): ReadonlyMap<string, readonly string[]> {
  const entry = /"?([a-z][a-z0-9-]*)"?\s*=\s*\[((?:\s*"[^"]*"\s*,?)*)\s*\]/g;
  const rest = on.replace(entry, '').replaceAll(',', '').trim();
  if (rest !== '')
    throw new ConsumersLayoutError(`\`on\` of consumer ${name} is no map of lists of texts: ${on.trim()}`);
  return new Map(
    [...on.matchAll(entry)].map(([, aggregateType = '', types = '']) => [
      aggregateType,
      [...types.matchAll(/"([^"]*)"/g)].map(([, type = '']) => type),
    ]),
  );
}
