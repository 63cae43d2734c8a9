import { invalidParameter, notFound } from './errors';
import { groupArn, type Place } from './model';

interface Named {
  readonly logGroupName?: string | undefined;
  readonly logGroupIdentifier?: string | undefined;
}

/**
 * The input with its group's name, which it may have said by identifier: a name, or an ARN.
 * Source: CloudWatch Logs API reference, FilterLogEvents, logGroupIdentifier.
 * @throws AwsError where it says both or neither, or a group of another account or region
 */
export function withGroupName<T extends Named>(input: T, place: Place): T & { readonly logGroupName: string } {
  const { logGroupName: name, logGroupIdentifier: identifier } = input;
  if (name !== undefined && identifier !== undefined) {
    throw invalidParameter('LogGroup name and LogGroup identifier are mutually exclusive parameters.');
  }
  const text = name ?? identifier;
  if (!text) throw invalidParameter('Either logGroupName or logGroupIdentifier must be specified.');
  if (!text.startsWith('arn:')) return { ...input, logGroupName: text };
  const found = /:log-group:([^:]+)(:\*)?$/.exec(text)?.[1];
  if (found === undefined || !text.startsWith(groupArn(place, found))) throw notFound('group');
  return { ...input, logGroupName: found };
}
