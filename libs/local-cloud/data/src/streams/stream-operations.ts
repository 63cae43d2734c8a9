import type { RequestContext, Requirement } from '@outbox/local-cloud-kernel';
import type { TableEngine } from '../engine/table-engine';
import { streamOfIterator, tableOfStream } from '../proxy/arns';
import { textAt, type Json } from '../proxy/json';
import type { JsonOperations } from '../proxy/operation';
import { checkIntegers } from '../tables/item-requests';
import type { TableKeys } from '../tables/table-keys';
import { checkStreamRequest } from './stream-checks';

/** Streams: the engine's, behind the checks and permissions of AWS. */
export function streamOperations(tables: TableEngine, keys: TableKeys): JsonOperations {
  const forward = async (body: Json, context: RequestContext): Promise<Json> => {
    checkIntegers(body);
    checkStreamRequest(context.operation, body);
    return tables.call(context.operation, body, context);
  };
  const onStream = (body: Json, context: RequestContext): readonly Requirement[] => [
    { action: `dynamodb:${context.operation}`, resource: textAt(body, 'StreamArn') || '*' },
  ];
  return {
    // Grants on all streams only; reading one is the other operations' affair. Source: Service Authorization Reference.
    ListStreams: { requires: () => [{ action: 'dynamodb:ListStreams', resource: '*' }], run: forward },
    DescribeStream: { requires: onStream, run: forward },
    GetShardIterator: { requires: onStream, run: forward },
    GetRecords: {
      requires: (body) => [
        { action: 'dynamodb:GetRecords', resource: streamOfIterator(textAt(body, 'ShardIterator')) || '*' },
      ],
      run: async (body, context) => {
        await keys.open([tableOfStream(streamOfIterator(textAt(body, 'ShardIterator')))], context);
        return forward(body, context);
      },
    },
  };
}
