import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** Capacity units, as DynamoDB bills them on demand. */
export interface ConsumedUnits {
  readonly read: number;
  readonly write: number;
}

interface Consumed {
  readonly CapacityUnits?: number;
}

const READS = /^(Get|BatchGet|TransactGet|Query|Scan)/;

/** What the requests that `work` makes of a client consume; those that fail are not counted. */
export async function unitsOf(client: DynamoDBClient, work: () => Promise<unknown>): Promise<ConsumedUnits> {
  const units = { read: 0, write: 0 };
  const name = 'unitsOf';
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const answer = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } });
        const { ConsumedCapacity: consumed = [] } = answer.output as { ConsumedCapacity?: Consumed | Consumed[] };
        const kind = READS.test(commandName) ? 'read' : 'write';
        for (const { CapacityUnits = 0 } of [consumed].flat()) units[kind] += CapacityUnits;
        return answer;
      },
    { step: 'initialize', name },
  );
  try {
    await work();
  } finally {
    client.middlewareStack.remove(name);
  }
  return units;
}
