import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createFakeClock, recordingClient, recordingTelemetry } from '@outbox/testing';
import { claimDue } from './claim-due';

describe('claimDue', () => {
  it.each([
    ['TransactionConflictException', 'busy'],
    ['ThrottlingException', 'busy'],
    ['AccessDeniedException', 'fault'],
  ])('takes %s for %s, and lets the run go on', async (name, kind) => {
    const dynamodb = recordingClient(() => {
      throw Object.assign(new Error('no'), { name });
    });
    const ports = {
      table: { dynamodb: dynamodb as unknown as DynamoDBClient, tableName: 'outbox' },
      bus: { put: () => Promise.resolve([]) },
      workers: { atOnce: 1, work: () => Promise.resolve(undefined) },
      policy: { thresholdMs: 60_000, start: 10 },
      retry: { random: () => 0.5, sleep: () => Promise.resolve() },
      clock: createFakeClock(0),
      ...recordingTelemetry(),
    };
    expect(await claimDue(ports, { pk: 'parcel#o-1', sk: 'EVENT#0000000001' }, 0)).toMatchObject({ kind });
  });
});
