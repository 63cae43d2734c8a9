import type { CancellationReason, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EventEnvelope } from '@outbox/outbox-envelope';
import { createFakeClock, createSeededIds, recordingClient } from '@outbox/testing';
import { parcel, parcelEvent, THRESHOLD_MS } from '../testing/lab';
import { createOutbox } from './outbox';
import { EventInTheWayError } from './transaction-part';

const outbox = createOutbox({
  dynamodb: recordingClient() as unknown as DynamoDBClient,
  tableName: 'outbox',
  source: 'parcels',
  thresholdMs: THRESHOLD_MS,
  clock: createFakeClock(0),
  ids: createSeededIds(),
});

const change = (id: string, after: number) => ({ aggregate: parcel, id, after, events: [parcelEvent(after + 1)] });

describe('transactItems', () => {
  const part = (options: Partial<Parameters<typeof outbox.transactItems>[0]> = {}) => {
    const made = outbox.transactItems({ changes: [change('p', 0), change('q', 4)], ...options });
    if (made.kind !== 'part') throw new Error(made.detail);
    return made;
  };
  const none: CancellationReason = { Code: 'None' };
  const failed = (Item?: CancellationReason['Item']): CancellationReason => ({ Code: 'ConditionalCheckFailed', Item });

  it('makes a head update per aggregate, then a put per event, with the ids it is told', () => {
    const { items } = part({ eventId: (index) => `id-${index}` });
    expect(items.map(({ Update, Put }) => Update?.Key?.['pk']?.S ?? Put?.Item?.['id']?.S)).toEqual([
      'parcel#p',
      'parcel#q',
      'id-0',
      'id-1',
    ]);
  });

  it('reads from the reasons alone whose head was in the way, or that the events are there already', () => {
    const { outcomeOf, items } = part({ eventId: (index) => `id-${index}` });
    const token = items[0]?.Update?.ExpressionAttributeValues?.[':a2'] ?? { S: '' };
    const head = { entity: { S: 'OutboxHead' }, lastSequence: { N: '9' }, updatedAt: { S: '' } };
    expect(outcomeOf([none, none, none, none])).toBeUndefined();
    expect(outcomeOf([none, failed({ ...head, lastCommit: { S: 'other' } }), none, none])).toEqual({
      kind: 'conflict',
      aggregateType: 'parcel',
      id: 'q',
      lastSequence: 9,
    });
    expect(outcomeOf([none, failed(), none, none])).toMatchObject({ kind: 'conflict', lastSequence: 0 });
    expect(outcomeOf([none, failed({ ...head, lastCommit: token }), none, none])).toEqual({ kind: 'committed' });
    expect(outcomeOf([failed(), none, failed({ id: { S: 'id-0' } }), none])).toEqual({ kind: 'committed' });
    expect(() => outcomeOf([none, none, failed({ id: { S: 'other' } }), none])).toThrow(EventInTheWayError);
  });

  it('carries on from the event that caused it', () => {
    const causation = { id: 'cause', correlationid: 'c', traceparent: 't', owner: 'me', hops: 2 } as EventEnvelope;
    const { items } = part({ context: { causation } });
    const detail = items.at(-1)?.Put?.Item?.['detail']?.S ?? '';
    expect(JSON.parse(detail)).toMatchObject({
      causationid: 'cause',
      hops: 3,
      correlationid: 'c',
      traceparent: 't',
      owner: 'me',
    });
  });
});
