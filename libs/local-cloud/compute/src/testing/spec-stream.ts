import { AwsError, type Service } from '@outbox/local-cloud-kernel';
import type { SpecEngine } from './spec-engine';

export const STREAM_ARN = 'arn:aws:dynamodb:us-east-1:000000000000:table/orders/stream/2026-01-01T00:00:00.000';

/** A table's stream of one shard, as mappings read it. */
export interface SpecStream {
  readonly service: Service<'dynamodbstreams'>;
  /** Adds a new item's record for each id; returns their sequence numbers. */
  put(spec: SpecEngine, ...ids: string[]): string[];
}

export function specStream(): SpecStream {
  const records: { readonly id: string; readonly at: number }[] = [];
  const onStream = (operation: string) => () => [{ action: `dynamodb:${operation}`, resource: STREAM_ARN }];
  return {
    put(spec, ...ids) {
      const at = spec.clock.now();
      const numbers = ids.map((id) => String(records.push({ id, at })));
      spec.engine.signals.notify(STREAM_ARN);
      return numbers;
    },
    service: {
      name: 'dynamodbstreams',
      operations: {
        DescribeStream: {
          requires: onStream('DescribeStream'),
          handle: ({ StreamArn }) => {
            if (StreamArn !== STREAM_ARN) throw new AwsError('ResourceNotFoundException', 'no such stream');
            return { StreamDescription: { Shards: [{ ShardId: 'shard-1' }] } };
          },
        },
        GetShardIterator: {
          requires: onStream('GetShardIterator'),
          handle: ({ SequenceNumber }) => ({ ShardIterator: SequenceNumber ?? '0' }),
        },
        GetRecords: {
          requires: onStream('GetRecords'),
          handle: ({ ShardIterator }) => {
            const from = Number(ShardIterator);
            const Records = records.slice(from).map(({ id, at }, index) => ({
              eventID: `e-${id}`,
              eventName: 'INSERT' as const,
              eventVersion: '1.1',
              dynamodb: {
                ApproximateCreationDateTime: new Date(at),
                Keys: { pk: { S: id } },
                NewImage: { pk: { S: id } },
                SequenceNumber: String(from + index + 1),
                SizeBytes: 10,
                StreamViewType: 'NEW_IMAGE' as const,
              },
            }));
            return { Records, NextShardIterator: String(records.length) };
          },
        },
      },
    },
  };
}
