import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { breakingChanges } from '@outbox/outbox-envelope';

/** The code and a checked-in schema differ; the message says where, whom it hits, and what to do. */
export class ContractError extends Error {
  override readonly name = 'ContractError';
}

export interface ContractCheck {
  /** The checked-in schema: `…/ParcelMoved.v1.schema.json`. */
  readonly file: string;
  /** What the code says of this version of the event; undefined when it doesn't have it. */
  readonly current: Readonly<Record<string, unknown>> | undefined;
  /** Whether to write the file when it is missing or when the change breaks nothing. */
  readonly update: boolean;
  /** Names of the consumers that listen to an event. */
  readonly consumersOf: (aggregateType: string, type: string) => readonly string[];
}

const COMMAND = 'UPDATE_CONTRACTS=1 npx nx test orders-events';

/**
 * Holds what the code says of one version of an event to its checked-in schema. With `update` it writes what is missing or
 * has changed compatibly, and nothing else.
 * @throws ContractError
 */
export function checkContract({ file, current, update, consumersOf }: ContractCheck): void {
  const generated = current && `${JSON.stringify(current, null, 2)}\n`;
  const released = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  if (generated === released) return;
  if (released !== undefined) refuseBreaking(file, parse(file, released), current, consumersOf);
  if (generated === undefined) return;
  if (!update) {
    const state = released === undefined ? 'is missing' : 'is out of date, and the change breaks no consumer';
    throw new ContractError(`${basename(file)} ${state}. Write it: ${COMMAND}`);
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, generated);
}

function refuseBreaking(
  file: string,
  released: unknown,
  current: ContractCheck['current'],
  consumersOf: ContractCheck['consumersOf'],
): void {
  const problems = current
    ? breakingChanges(released, current).map(({ pointer, problem }) => `${pointer || 'the event'} ${problem}`)
    : ['the code no longer has this version'];
  if (problems.length === 0) return;
  const [aggregateType, type] = [constant(file, released, 'aggregatetype'), constant(file, released, 'type')];
  const consumers = consumersOf(aggregateType, type);
  throw new ContractError(
    [
      `${basename(file)} is released, and the code breaks it:`,
      ...problems.map((problem) => `  ${problem}`),
      `Consumers of ${type}: ${consumers.length > 0 ? consumers.join(', ') : 'none in terraform/variables.tf'}.`,
      'Take the change back and add a new version beside this one (CONTRIBUTING.md): releases before and after a change run at the same time.',
    ].join('\n'),
  );
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ContractError(`${file} is no JSON: take the released one from version control`, { cause });
  }
}

/** The one value that a field of the event may have. */
function constant(file: string, released: unknown, name: string): string {
  const { properties } = (released ?? {}) as { properties?: Record<string, { const?: unknown } | undefined> };
  const value = properties?.[name]?.const;
  if (typeof value !== 'string') throw new ContractError(`${file} doesn’t say which ${name} it is the schema of`);
  return value;
}
