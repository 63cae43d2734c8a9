import { AwsError } from './errors';

export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly accountId: string;
  readonly resource: string;
}

/** `arn:partition:service:region:account:resource`; the resource may itself hold colons. */
export function parseArn(text: string): Arn {
  const [prefix, partition, service, region, accountId, ...resource] = text.split(':');
  if (prefix !== 'arn' || !partition || !service || region === undefined || accountId === undefined || !resource[0]) {
    throw new AwsError('ValidationException', `Invalid ARN: ${text}`);
  }
  return { partition, service, region, accountId, resource: resource.join(':') };
}

export function formatArn(service: string, region: string, accountId: string, resource: string): string {
  return `arn:aws:${service}:${region}:${accountId}:${resource}`;
}
