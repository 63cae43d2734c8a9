import type { Tree } from '@nx/devkit';
import { sampleOf, type JsonSchema } from './sample-data';

/** Where the example's events are defined. */
export const eventsProject = 'libs/orders/events';

/** An event type that a consumer can listen to. */
export interface ContractEvent {
  /** `order.Created`: as code names it. */
  readonly code: string;
  /** `OrderCreated`: as it is called on the wire. */
  readonly type: string;
  /** Data that its newest schema allows, as JSON. */
  readonly data: string;
}

/** Event types by aggregate type, as the checked-in contract has them. */
export type ContractAggregates = Readonly<Record<string, readonly ContractEvent[]>>;

/** `credit-note` → `CreditNote`: how the types of an aggregate's events begin. */
export function pascalCase(name: string): string {
  return name.replace(/(?:^|-)([a-z0-9])/g, (_, character: string) => character.toUpperCase());
}

/** `credit-note` → `creditNote`: what code calls an aggregate. */
export function camelCase(name: string): string {
  const pascal = pascalCase(name);
  return pascal.charAt(0).toLowerCase() + pascal.slice(1);
}

/** What the domain publishes. */
export function readContract(tree: Tree): ContractAggregates {
  const contract = JSON.parse(tree.read(`${eventsProject}/contract.json`, 'utf8') ?? '{}') as {
    readonly aggregates?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  };
  return Object.fromEntries(
    Object.entries(contract.aggregates ?? {}).map(([aggregate, types]) => [
      aggregate,
      Object.entries(types).map(([type, dataschemas]) => ({
        code: `${camelCase(aggregate)}.${type.slice(pascalCase(aggregate).length)}`,
        type,
        data: JSON.stringify(sampleOf(dataSchemaOf(tree, type, dataschemas))),
      })),
    ]),
  );
}

/** The schema of the data of the newest version. */
function dataSchemaOf(tree: Tree, type: string, dataschemas: readonly string[]): JsonSchema {
  const newest = Math.max(...dataschemas.map((uri) => Number(/\d+$/.exec(uri)?.[0])));
  const text = tree.read(`${eventsProject}/contracts/${type}.v${newest}.schema.json`, 'utf8') ?? '{}';
  return (JSON.parse(text) as JsonSchema).properties?.['data'] ?? {};
}
