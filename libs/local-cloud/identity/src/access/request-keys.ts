import type { Caller, Requirement } from '@outbox/local-cloud-kernel';
import type { RequestKeys } from '../policy/condition';

/** The account and region of a resource; empty where its ARN has none (`*`, an API's ARN), or is none. */
export function placeOf(resource: string): { accountId: string; region: string } {
  const [, region = '', accountId = ''] = /^arn:[^:]*:[^:]*:([^:]*):([^:]*):/.exec(resource) ?? [];
  return { accountId, region };
}

/** When and where a request is made, and what its principal's tags are. */
export interface Circumstances {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Where the request goes to; the resource's region where it isn't known. */
  readonly region?: string | undefined;
  readonly principalTags?: Readonly<Record<string, string>> | undefined;
}

/** The condition keys of one request. Source: IAM user guide, "AWS global condition context keys". */
export function requestKeys(caller: Caller, requirement: Requirement, at: Circumstances): RequestKeys {
  const { now, principalTags = {} } = at;
  const { accountId, region } = placeOf(requirement.resource);
  const isService = caller.kind === 'service';
  const keys = new Map<string, readonly string[]>();
  const set = (name: string, value: string | readonly string[] | undefined): void => {
    if (value !== undefined && value !== '') keys.set(name.toLowerCase(), typeof value === 'string' ? [value] : value);
  };
  // The engine serves plain HTTP, on loopback only. A policy that demands TLS means the network between machines;
  // answering "false" would lock the local run out of a queue or bus that is right for AWS.
  set('aws:SecureTransport', 'true');
  set('aws:CurrentTime', new Date(now).toISOString());
  set('aws:EpochTime', String(Math.floor(now / 1000)));
  set('aws:PrincipalIsAWSService', String(isService));
  set('aws:ViaAWSService', String(!isService && caller.via !== undefined));
  set('aws:ResourceAccount', requirement.owner ?? (accountId || caller.accountId));
  set('aws:RequestedRegion', at.region ?? region);
  if (isService) {
    set('aws:PrincipalServiceName', caller.service);
    set('aws:SourceArn', caller.sourceArn);
    set('aws:SourceAccount', caller.accountId);
  } else {
    set('aws:PrincipalArn', caller.roleArn ?? caller.arn);
    set('aws:PrincipalAccount', caller.accountId);
    set('aws:PrincipalType', caller.kind === 'root' ? 'Account' : 'AssumedRole');
    set('aws:userid', caller.userId);
    set('aws:SourceIp', '127.0.0.1');
    // What every session has and no long-lived key; none here was begun with an MFA device.
    if (caller.kind === 'role') set('aws:MultiFactorAuthPresent', 'false');
    if (caller.sessionSince !== undefined) set('aws:TokenIssueTime', new Date(caller.sessionSince).toISOString());
    for (const [name, value] of Object.entries(principalTags))
      keys.set(`aws:principaltag/${name.toLowerCase()}`, [value]);
  }
  for (const [name, value] of Object.entries(requirement.conditions ?? {})) set(name, value);
  return keys;
}
