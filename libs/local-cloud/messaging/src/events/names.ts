import { formatArn, parseArn, type RequestContext } from '@outbox/local-cloud-kernel';
import { checkText } from '../shared/constraints';
import { busNotFound, validation } from './errors';

/** Which bus is meant, whether it exists or not. */
export interface BusAddress {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  readonly arn: string;
}

export const DEFAULT_BUS = 'default';

/** Sources: EventBridge API reference, every operation with an EventBusName, a Name and Tags. */
const BUS_NAME = { most: 256, pattern: '[/\\.\\-_A-Za-z0-9]+' };
const BUS_NAME_OR_ARN = {
  most: 1600,
  pattern: '(arn:aws[\\w-]*:events:[a-z]+-[a-z]+-[\\w-]+:[0-9]{12}:event-bus\\/)?[/\\.\\-_A-Za-z0-9]+',
};

/**
 * Reads what requests call EventBusName: a name, an ARN, or nothing for the default bus.
 * @throws AwsError ValidationException for what is neither, ResourceNotFoundException for a bus of another region
 */
export function busAddress(
  nameOrArn: string | undefined,
  context: Pick<RequestContext, 'accountId' | 'region'>,
  member?: string,
): BusAddress {
  const bus = anyBusAddress(nameOrArn, context, member);
  if (bus.region !== context.region) throw busNotFound(bus.name);
  return bus;
}

/** The same, wherever the bus is. @throws AwsError ValidationException */
export function anyBusAddress(
  nameOrArn: string | undefined,
  context: Pick<RequestContext, 'accountId' | 'region'>,
  member = 'eventBusName',
): BusAddress {
  checkText(nameOrArn, member, BUS_NAME_OR_ARN);
  const text = nameOrArn ?? DEFAULT_BUS;
  if (!text.startsWith('arn:')) {
    const { accountId, region } = context;
    return { accountId, region, name: text, arn: formatArn('events', region, accountId, `event-bus/${text}`) };
  }
  const { accountId, region, resource } = parseArn(text);
  const [kind, name] = resource.split('/');
  if (kind !== 'event-bus' || !name) throw validation(`Invalid event bus ARN: ${text}`);
  return { accountId, region, name, arn: text };
}

/** Rules of the default bus leave the bus out of their ARN. */
export function ruleArn(bus: BusAddress, rule: string): string {
  const path = bus.name === DEFAULT_BUS ? rule : `${bus.name}/${rule}`;
  return formatArn('events', bus.region, bus.accountId, `rule/${path}`);
}

/** The bus of operations that take its name only. @throws AwsError ValidationException for what is no name */
export function namedBus(
  name: string | undefined,
  context: Pick<RequestContext, 'accountId' | 'region'>,
  member = 'name',
): BusAddress {
  checkText(name, member, BUS_NAME);
  return busAddress(name, context, member);
}

/** @throws AwsError ValidationException when the name breaks AWS's pattern or length */
export function checkName(name: string | undefined, member: string, longest: number): string {
  const text = name ?? '';
  checkText(text, member, { most: longest, pattern: '[\\.\\-_A-Za-z0-9]+' });
  return text;
}
