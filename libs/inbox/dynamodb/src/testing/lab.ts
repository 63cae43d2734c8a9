import { QueryCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { unmarshalPlain, type Receipt } from '@outbox/function-kit';
import { createOutbox, type Outbox } from '@outbox/outbox-dynamodb';
import { defineAggregate } from '@outbox/outbox-envelope';
import { createFakeClock } from '@outbox/testing';
import * as z from 'zod/mini';
import type { ConsumedEvent } from '../event';
import type { Intake } from '../intake';

export const NOW = Date.UTC(2026, 0, 1, 12);

/** What consumers in specs emit. */
export const echo = defineAggregate('echo', { events: { Heard: { v1: z.object({ of: z.string() }) } } });

/** An event of thing `id`, with the id `<id>-<version>`. */
export function thingEvent(id: string, version: number): ConsumedEvent {
  return {
    specversion: '1.0',
    id: `${id}-${version}`,
    source: 's',
    aggregatetype: 'thing',
    type: 'Changed',
    subject: id,
    time: '2026-01-01T11:59:58.000Z',
    datacontenttype: 'application/json',
    dataschema: 'urn:outbox:event:Changed:v1',
    sequence: String(version),
    partitionkey: `thing#${id}`,
    data: {},
  };
}

/** A delivery of an event as the inbox gets it. */
export function intakeOf(
  event: ConsumedEvent,
  message: Partial<Intake<ConsumedEvent>['message']> = {},
  receipt: Partial<Receipt> = {},
): Intake<ConsumedEvent> {
  const { id, source, aggregatetype: aggregateType, type, subject, sequence } = event;
  return {
    kind: 'intake',
    receipt: {
      messageId: `message-${id}`,
      receiptHandle: 'h',
      body: '',
      queuedAt: NOW - 500,
      firstReceivedAt: NOW,
      receives: 1,
      isRedriven: false,
      ...receipt,
    },
    isReplayed: false,
    subject: { source, aggregateType, id: subject },
    message: {
      id,
      type,
      subject: `${source}#${aggregateType}#${subject}`,
      version: Number(sequence),
      recognition: 'known',
      ...message,
    },
    times: { committedAt: event.time, relayedAt: '2026-01-01T11:59:59.000Z', busAt: '2026-01-01T11:59:59Z' },
    envelope: event,
    event,
  };
}

/** The items of a partition as plain objects. */
export async function rowsOf(dynamodb: DynamoDBClient, tableName: string, pk: string) {
  const { Items = [] } = await dynamodb.send(
    new QueryCommand({
      TableName: tableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: pk } },
      ConsistentRead: true,
    }),
  );
  return Items.map(unmarshalPlain);
}

/** The outbox that a consumer in a spec emits to. */
export function outboxOf(dynamodb: DynamoDBClient, tableName: string): Outbox {
  return createOutbox({ dynamodb, tableName, source: 's', thresholdMs: 60_000, clock: createFakeClock(NOW) });
}
