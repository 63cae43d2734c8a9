import { AwsError } from '@outbox/local-cloud-kernel';
import { validation } from '../errors';
import { ITERATOR_MS } from '../limits';

export interface ShardIterator {
  readonly streamArn: string;
  /** The number of the first record it gives. */
  readonly from: number;
  /** Epoch milliseconds. */
  readonly madeAt: number;
}

/** The iterator's text; as AWS's it starts with the stream's ARN. */
export function formatIterator({ streamArn, from, madeAt }: ShardIterator): string {
  return `${streamArn}|1|${Buffer.from(`${from}|${madeAt}`).toString('base64url')}`;
}

/** @throws AwsError ValidationException for what is no iterator, ExpiredIteratorException for an old one */
export function readIterator(text: string, now: number): ShardIterator {
  const [streamArn = '', version, encoded = ''] = text.split('|');
  const [from, madeAt] = Buffer.from(encoded, 'base64url').toString().split('|').map(Number);
  if (version !== '1' || from === undefined || madeAt === undefined || !Number.isSafeInteger(from + madeAt)) {
    throw validation('Invalid ShardIterator');
  }
  if (now - madeAt > ITERATOR_MS) {
    throw new AwsError('ExpiredIteratorException', 'The shard iterator is older than 15 minutes: get another one.');
  }
  return { streamArn, from, madeAt };
}
