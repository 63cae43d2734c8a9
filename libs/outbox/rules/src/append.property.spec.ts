import type { EventEnvelope } from '@outbox/outbox-envelope';
import * as fc from 'fast-check';
import { append, MAX_ENVELOPE_BYTES } from './append';
import { eventKey } from './outbox-item';
import { SHARDS, shardOf } from './shard';

const policy = { thresholdMs: 60_000 };

/** SQS's limit with the provider's `max_message_size`. */
const QUEUE_BYTES = 262_144;

/** Ids that grow most on their way: quotes and backslashes escape to two bytes, other scripts to six where a hop escapes. */
const hostileId = fc
  .constantFrom('"', '\\', 'ß', '語', '/', '<', '\u2028', '\u{1f4a9}')
  .chain((unit) =>
    fc.integer({ min: 1, max: Math.floor(64 / Buffer.byteLength(unit)) }).map((count) => unit.repeat(count)),
  );

describe('append', () => {
  it('makes no item whose message on a queue reaches 262,144 bytes, not even with every character escaped', () => {
    const items = fc.array(
      fc.record({ sku: hostileId, quantity: fc.constant(1_000_000), unitPrice: fc.constant('9999999999999.99') }),
      {
        minLength: 400,
        maxLength: 500,
        size: 'max',
      },
    );
    fc.assert(
      fc.property(items, hostileId, (lines, customerId) => {
        const appended = append(
          'ORDER#o',
          event({ items: lines, customerId, changed: ['status', 'items', 'total'] }),
          policy,
        );
        if (appended.kind === 'too-large') return;
        expect(Buffer.byteLength(asDelivered(appended.item.detail))).toBeLessThan(QUEUE_BYTES);
      }),
      { numRuns: 25 },
    );
  });

  it('refuses an envelope above the limit and takes one at it', () => {
    const room = MAX_ENVELOPE_BYTES - Buffer.byteLength(JSON.stringify(event('')));
    expect(append('ORDER#o', event('x'.repeat(room)), policy).kind).toBe('item');
    expect(append('ORDER#o', event('x'.repeat(room + 1)), policy)).toEqual({
      kind: 'too-large',
      bytes: MAX_ENVELOPE_BYTES + 1,
      limit: MAX_ENVELOPE_BYTES,
    });
    expect(append('ORDER#o', event('ß'.repeat(room / 2 + 1)), policy).kind).toBe('too-large');
  });

  it('says exactly what consumers get, and when it is due unless published', () => {
    const appended = append('ORDER#o', event({ a: 1 }), policy);
    expect(appended).toMatchObject({
      item: {
        pk: 'ORDER#o',
        sk: 'EVENT#0000000003',
        entity: 'OutboxEvent',
        attempts: 0,
        detail: JSON.stringify(event({ a: 1 })),
        committedAt: '2026-01-01T00:00:00.000Z',
        dueAt: '2026-01-01T00:01:00.000Z',
      },
    });
  });
});

describe('keys', () => {
  it('sort like versions', () => {
    fc.assert(
      fc.property(fc.nat(9_999_999), fc.nat(9_999_999), (a, b) => {
        expect(eventKey(a) < eventKey(b)).toBe(a < b);
      }),
    );
  });

  it('spread over every shard, the same aggregate always on the same', () => {
    const shards = Array.from({ length: 1_000 }, (_, n) => shardOf(`ORDER#${n}`));
    expect(new Set(shards)).toEqual(new Set(SHARDS));
    expect(shardOf('ORDER#1')).toBe(shardOf('ORDER#1'));
  });
});

/** The queue message: EventBridge's envelope around the detail; escaping all that is not ASCII is the most a hop can add. */
function asDelivered(detail: string): string {
  const envelope = {
    version: '0',
    id: '00000000-0000-0000-0000-000000000000',
    'detail-type': 'OrderUpdated',
    source: 'orders',
    account: '000000000000',
    time: '2026-01-01T00:00:00Z',
    region: 'ap-southeast-99',
    resources: [],
    'replay-name': 'x'.repeat(64),
    detail: { ...(JSON.parse(detail) as object), relayedat: '2026-01-01T00:00:00.000Z' },
  };
  return JSON.stringify(envelope).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function event(data: unknown): EventEnvelope {
  return {
    specversion: '1.0',
    id: '01980000-0000-7000-8000-000000000000',
    source: 'orders',
    type: 'OrderUpdated',
    subject: '01980000-0000-7000-8000-000000000000',
    time: '2026-01-01T00:00:00.000Z',
    datacontenttype: 'application/json',
    dataschema: 'urn:outbox:event:OrderUpdated:v1',
    sequence: '3',
    aggregatetype: 'order',
    partitionkey: 'order#01980000-0000-7000-8000-000000000000',
    data,
  };
}
