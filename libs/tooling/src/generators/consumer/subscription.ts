import type { ConsumerPolicy } from './consumers-map';
import { camelCase, type ContractAggregates, type ContractEvent } from '../contract';
import { RefusedError } from '../refused';

/** What a consumer listens to. */
export interface Subscription {
  /** What the code imports, sorted. */
  readonly aggregates: readonly string[];
  /** `on` in code: `order`, or `[order.Created, shipment.Booked]`. */
  readonly code: string;
  /** `on` in Terraform: aggregate type to event types; none are all of them. */
  readonly types: Readonly<Record<string, readonly string[]>>;
  readonly events: readonly ContractEvent[];
}

/**
 * Reads `order`, or `order.Created,shipment.Booked`.
 * @throws RefusedError when the contract has no such aggregate or event, or the policy takes no list
 */
export function parseSubscription(on: string, policy: ConsumerPolicy, contract: ContractAggregates): Subscription {
  const names = [...new Set(on.split(',').map((name) => name.trim()))].filter((name) => name !== '');
  const [first] = names;
  if (first === undefined) throw new RefusedError('ON: it is empty. Name an aggregate type, such as order.');
  if (names.length === 1 && !first.includes('.')) {
    const aggregate = camelCase(first);
    return { aggregates: [aggregate], code: aggregate, types: { [first]: [] }, events: eventsOf(first, contract) };
  }
  const found = names.map((name) => eventOf(name, contract));
  if (policy !== 'once') {
    throw new RefusedError(
      `ON=${on} names event types, and ${policy} needs every event of one aggregate type to tell which are missing or late: use ON=${found[0]?.aggregate ?? 'order'}, or POLICY=once.`,
    );
  }
  const types: Record<string, string[]> = {};
  for (const { aggregate, event } of found) (types[aggregate] ??= []).push(event.type);
  return {
    aggregates: Object.keys(types).map(camelCase).sort(),
    code: `[${found.map(({ event }) => event.code).join(', ')}]`,
    types,
    events: found.map(({ event }) => event),
  };
}

function eventsOf(aggregate: string, contract: ContractAggregates): readonly ContractEvent[] {
  const events = Object.hasOwn(contract, aggregate) ? contract[aggregate] : undefined;
  if (events) return events;
  throw new RefusedError(
    `ON: there is no aggregate type "${aggregate}". Use one of ${Object.keys(contract).join(', ')}, or write it: make new-aggregate NAME=invoice EVENTS=Issued,Paid`,
  );
}

function eventOf(name: string, contract: ContractAggregates) {
  const [aggregate = '', event = ''] = name.split('.', 2);
  const events = eventsOf(aggregate, contract);
  const code = `${camelCase(aggregate)}.${event}`;
  const known = events.find((one) => one.code === code);
  if (known) return { aggregate, event: known };
  const names = events.map((one) => `${aggregate}.${one.code.split('.')[1] ?? ''}`);
  throw new RefusedError(
    event === ''
      ? `ON: "${name}" beside others names no event type. Use one aggregate type alone, or event types: ${names.join(',')}`
      : `ON: ${aggregate} has no event "${event}". Use ${names.join(' or ')}.`,
  );
}
