import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createFakeClock, recordingClient, recordingTelemetry } from '@outbox/testing';
import { outboxItem } from '../testing/lab';
import type { Claimed } from './claim-due';
import { publishClaimed } from './publish-claimed';

describe('publishClaimed', () => {
  it('notes what no consumer could read, and publishes its neighbours', async () => {
    const table = recordingClient();
    const put: string[] = [];
    const ports = {
      table: { dynamodb: table as unknown as DynamoDBClient, tableName: 'outbox' },
      bus: {
        put: (entries: readonly { readonly detail: string }[]) => {
          put.push(...entries.map(({ detail }) => String((JSON.parse(detail) as { sequence: unknown }).sequence)));
          return Promise.resolve(entries.map(() => undefined));
        },
      },
      workers: { atOnce: 1, work: () => Promise.resolve(undefined) },
      policy: { thresholdMs: 60_000, start: 10 },
      retry: { random: () => 0.5, sleep: () => Promise.resolve() },
      clock: createFakeClock(0),
      ...recordingTelemetry(),
    };
    const [first, poison, last] = [claimed(1), claimed(2), claimed(3)];
    const unreadable = { ...poison, item: { ...poison.item, detail: '{"specversion":"1.0"}' } };
    const { accepted, refused, fault } = await publishClaimed(ports, [first, unreadable, last], () => 30_000);
    expect(accepted).toEqual([first, last]);
    expect([refused, fault]).toEqual([1, undefined]);
    expect(put).toEqual(['1', '3']);
    expect(table.inputs).toEqual([
      expect.objectContaining({
        Key: { pk: { S: 'parcel#o-1' }, sk: { S: 'EVENT#0000000002' } },
        ExpressionAttributeValues: expect.objectContaining({
          ':error': { S: expect.stringContaining('its detail is no event') },
        }),
      }),
    ]);
  });
});

function claimed(sequence: number): Claimed {
  return { item: outboxItem('o-1', sequence, 0), attempts: 1 };
}
