import { formatArn, parseArn, type RequestContext } from '@outbox/local-cloud-kernel';
import { constraint, validation } from './errors';

/** Which bus is meant, whether it exists or not. */
export interface BusAddress {
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  readonly arn: string;
}

export const DEFAULT_BUS = 'default';

/** Reads what requests call EventBusName: a name, an ARN, or nothing for the default bus. */
export function busAddress(
  nameOrArn: string | undefined,
  context: Pick<RequestContext, 'accountId' | 'region'>,
): BusAddress {
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

/** @throws AwsError ValidationException when the name breaks AWS's pattern or length */
export function checkName(
  name: string | undefined,
  member: string,
  longest: number,
  pattern = /^[.\-_A-Za-z0-9]+$/,
): string {
  const text = name ?? '';
  if (text === '' || !pattern.test(text)) {
    throw constraint(
      text,
      member,
      `Member must satisfy regular expression pattern: ${pattern.source.replace(/^\^|\$$/g, '')}`,
    );
  }
  if (text.length > longest) throw constraint(text, member, `Member must have length less than or equal to ${longest}`);
  return text;
}
