import { formatArn, parseArn, unsupported, type RequestContext } from '@outbox/local-cloud-kernel';
import type { Place } from '../place';

export function tableArn(place: Place, name: string): string {
  return formatArn('dynamodb', place.region, place.accountId, `table/${name}`);
}

/**
 * The name of a table that is given by name or by ARN.
 * @throws AwsError for a table of another account or region, which is not reached from here
 */
export function tableName(given: string, context: RequestContext): string {
  if (!given.startsWith('arn:')) return given;
  const { accountId, region, resource } = parseArn(given);
  if (accountId !== context.accountId || region !== context.region) {
    throw unsupported(context.service, context.operation, `the table of another account or region ${given}`);
  }
  return resource.split('/')[1] ?? '';
}

/** The table of a stream's ARN or of a shard iterator, which starts with one. */
export function tableOfStream(streamArn: string): string {
  return streamArn.split('/')[1] ?? '';
}

/** The stream's ARN a shard iterator starts with. */
export function streamOfIterator(iterator: string): string {
  return iterator.split('|')[0] ?? '';
}
