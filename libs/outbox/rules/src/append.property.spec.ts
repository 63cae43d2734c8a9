import { defineAggregate, MAX_HOPS, type EventEnvelope } from '@outbox/outbox-envelope';
import * as fc from 'fast-check';
import * as z from 'zod/mini';
import { aggregateKey, parseAggregateKey } from './aggregate-key';
import { append, MAX_ENVELOPE_BYTES } from './append';
import type { CommitContext } from './change';
import { eventKey } from './outbox-item';
import { SHARDS, shardOf } from './shard';
import { appendedItems, parcel, policy } from './testing/parcel';
import { unsendablePath } from './unsendable';

const NOW = Date.UTC(2026, 0, 1);
const ID = '01980000-0000-7000-8000-000000000000';

/** SQS's limit with the provider's `max_message_size`. */
const QUEUE_BYTES = 262_144;

/** Ids that grow most on their way: quotes and backslashes escape to two bytes, other scripts to six where a hop escapes. */
const hostileId = fc
  .constantFrom('"', '\\', 'ß', '語', '/', '<', '\u2028', '\u{1f4a9}')
  .chain((unit) =>
    fc.integer({ min: 1, max: Math.floor(64 / Buffer.byteLength(unit)) }).map((count) => unit.repeat(count)),
  );

const dated = defineAggregate('parcel', { events: { Moved: { v1: z.object({ at: z.date() }) } } });

/** One event of a parcel, the third. */
function appendOne(data: unknown, context: CommitContext = {}) {
  const change = { aggregate: parcel, id: ID, after: 2, events: [parcel.Moved(data)] };
  return append(change, context, { now: NOW, eventId: () => ID }, policy);
}

describe('append', () => {
  it.each([
    ['an owner without a name', {}, { owner: '' }, 'ParcelMoved: owner: '],
    ['what JSON makes something else of', { at: new Date(NOW) }, {}, 'as JSON, '],
    ['what has no JSON', { at: 1n }, {}, 'BigInt'],
  ])('refuses %s: no consumer could read it', (_case, data, context, detail) => {
    const strict = 'at' in data ? dated : parcel;
    const change = { aggregate: strict, id: ID, after: 2, events: [strict.Moved(data as never)] };
    const appended = append(change, context, { now: NOW, eventId: () => ID }, policy);
    expect(appended).toMatchObject({ kind: 'refused', reason: 'invalid-data' });
    expect(appended).toMatchObject({ detail: expect.stringContaining(detail) });
  });

  it('makes no item whose message on a queue reaches 262,144 bytes, not even with every character escaped', () => {
    const items = fc.array(
      fc.record({ name: hostileId, quantity: fc.constant(1_000_000), unitPrice: fc.constant('9999999999999.99') }),
      { minLength: 400, maxLength: 500, size: 'max' },
    );
    fc.assert(
      fc.property(items, hostileId, (lines, owner) => {
        const appended = appendOne({ items: lines, owner, changed: ['status', 'items', 'total'] });
        if (appended.kind === 'refused') return expect(appended.reason).toBe('too-large');
        expect(Buffer.byteLength(asDelivered(appended.items[0]?.detail ?? ''))).toBeLessThan(QUEUE_BYTES);
      }),
      { numRuns: 25 },
    );
  });

  it('refuses an envelope above the limit and takes one at it', () => {
    const [empty] = appendedItems(ID, 2, [parcel.Moved('')], NOW, () => ID);
    const room = MAX_ENVELOPE_BYTES - Buffer.byteLength(empty?.detail ?? '');
    expect(appendOne('x'.repeat(room)).kind).toBe('appended');
    expect(appendOne('x'.repeat(room + 1))).toMatchObject({
      reason: 'too-large',
      detail: expect.stringContaining(`${MAX_ENVELOPE_BYTES + 1} bytes`),
    });
    expect(appendOne('ß'.repeat(room / 2 + 1)).kind).toBe('refused');
  });

  it('numbers any number of events without holes, and moves the head by as many', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.integer({ min: 1, max: 98 }), (after, count) => {
        const events = Array.from({ length: count }, () => parcel.Moved({}));
        const stamp = { now: NOW, eventId: (index: number) => `e-${index}` };
        const appended = append({ aggregate: parcel, id: 'p', after, events }, {}, stamp, policy);
        if (appended.kind === 'refused') throw new Error(appended.detail);
        const { head, items } = appended;
        expect(head).toEqual({ pk: 'parcel#p', after, lastSequence: after + count });
        const sequences = items.map(({ detail }) => Number((JSON.parse(detail) as EventEnvelope).sequence));
        expect(sequences).toEqual(Array.from({ length: count }, (_, index) => after + index + 1));
        expect(items.map(({ sk }) => sk)).toEqual(sequences.map(eventKey));
        expect(items.map(({ id }) => id)).toEqual(events.map((_, index) => `e-${index}`));
      }),
    );
  });

  it('says exactly what consumers get, and when it is due unless published', () => {
    const appended = appendOne({ a: 1 });
    expect(appended).toMatchObject({
      items: [
        {
          pk: `parcel#${ID}`,
          sk: 'EVENT#0000000003',
          entity: 'OutboxEvent',
          attempts: 0,
          committedAt: '2026-01-01T00:00:00.000Z',
          dueAt: '2026-01-01T00:01:00.000Z',
        },
      ],
    });
    const [item] = appended.kind === 'appended' ? appended.items : [];
    expect(JSON.parse(item?.detail ?? '')).toEqual({
      specversion: '1.0',
      id: ID,
      source: 'parcels',
      type: 'ParcelMoved',
      aggregatetype: 'parcel',
      subject: ID,
      time: '2026-01-01T00:00:00.000Z',
      datacontenttype: 'application/json',
      dataschema: 'urn:outbox:event:ParcelMoved:v1',
      sequence: '3',
      partitionkey: `parcel#${ID}`,
      data: { a: 1 },
    });
  });

  it('ends a chain of events that cause each other', () => {
    let causation: EventEnvelope | undefined;
    for (let hops = 0; hops < MAX_HOPS; hops += 1) {
      const appended = appendOne({}, causation ? { causation } : {});
      if (appended.kind === 'refused') throw new Error(appended.detail);
      causation = JSON.parse(appended.items[0]?.detail ?? '') as EventEnvelope;
      expect(causation.hops ?? 0).toBe(hops);
    }
    expect(appendOne({}, causation ? { causation } : {})).toMatchObject({ reason: 'too-many-hops' });
  });
});

describe('unsendablePath', () => {
  it('passes exactly the texts that XML 1.0 and UTF-16 have, once JSON has escaped control characters', () => {
    const unit = fc.integer({ min: 0, max: 0xffff });
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 6 }), (units) => {
        const text = String.fromCharCode(...units);
        const sendable = Buffer.from(text, 'utf8').toString('utf8') === text && !/[\ufffe\uffff]/.test(text);
        expect(unsendablePath({ a: [text] })).toEqual(sendable ? undefined : ['a', '0']);
      }),
    );
  });

  it('looks at the names of fields too', () => {
    expect(unsendablePath({ data: { 'x\uffff': 1 } })).toEqual(['data', 'x\uffff']);
  });
});

describe('the key of an aggregate', () => {
  it('is read back, whatever the id holds', () => {
    fc.assert(
      fc.property(fc.constantFrom('parcel', 'credit-note'), fc.string({ minLength: 1 }), (aggregateType, id) => {
        expect(parseAggregateKey(aggregateKey(aggregateType, id))).toEqual({ aggregateType, id });
      }),
    );
    expect(parseAggregateKey('#sweeper')).toBeUndefined();
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
    const shards = Array.from({ length: 1_000 }, (_, n) => shardOf(`parcel#${n}`));
    expect(new Set(shards)).toEqual(new Set(SHARDS));
    expect(shardOf('parcel#1')).toBe(shardOf('parcel#1'));
  });
});

/** The queue message: EventBridge's envelope around the detail; escaping all that is not ASCII is the most a hop can add. */
function asDelivered(detail: string): string {
  const envelope = {
    version: '0',
    id: '00000000-0000-0000-0000-000000000000',
    'detail-type': 'ParcelMoved',
    source: 'parcels',
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
