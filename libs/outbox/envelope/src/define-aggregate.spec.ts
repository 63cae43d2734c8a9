import * as z from 'zod/mini';
import { defineAggregate, InvalidDefinitionError } from './define-aggregate';
import { draftProblem, recogniseEvent } from './event-type';

const v1 = z.object({ plan: z.string() });
const v2 = z.object({ plan: z.string(), seats: z.int() });

const subscription = defineAggregate('paid-subscription', {
  events: { Started: { v1, v2 }, Ended: { v1: z.object({}) } },
});

const event = {
  specversion: '1.0',
  id: 'e-1',
  source: 'billing',
  aggregatetype: 'paid-subscription',
  type: 'PaidSubscriptionStarted',
  subject: 's-1',
  time: '2026-01-01T00:00:00.000Z',
  datacontenttype: 'application/json',
  dataschema: 'urn:outbox:event:PaidSubscriptionStarted:v1',
  sequence: '1',
  partitionkey: 'paid-subscription#s-1',
  data: { plan: 'gold' },
};

describe('defineAggregate', () => {
  it('makes events of the newest version, named after the aggregate', () => {
    expect(subscription.Started({ plan: 'gold', seats: 3 })).toEqual({
      aggregatetype: 'paid-subscription',
      type: 'PaidSubscriptionStarted',
      dataschema: 'urn:outbox:event:PaidSubscriptionStarted:v2',
      data: { plan: 'gold', seats: 3 },
    });
    // @ts-expect-error Data of an older version would be refused by the commit: the compiler says so first.
    const old = subscription.Started({ plan: 'gold' });
    expect(draftProblem(subscription.eventTypes, old)).toMatchObject({ kind: 'invalid-data' });
    expect(subscription.Ended.type).toBe('PaidSubscriptionEnded');
  });

  it('takes the newest version by its number, not by its place or spelling', () => {
    const versions = Object.fromEntries(['v10', 'v9', 'v1'].map((version) => [version, v1]));
    const { Moved } = defineAggregate('parcel', { events: { Moved: versions } });
    expect(Moved({ plan: 'x' }).dataschema).toBe('urn:outbox:event:ParcelMoved:v10');
    const { Weighed } = defineAggregate('parcel', { events: { Weighed: { v10: v2, v9: v1, v1 } } });
    // @ts-expect-error v10 wants seats, too.
    expect(Weighed({ plan: 'x' }).dataschema).toBe('urn:outbox:event:ParcelWeighed:v10');
  });

  it.each([
    ['an aggregate with a capital letter', 'Parcel', { Created: { v1 } }, 'aggregate type "Parcel"'],
    ['an aggregate that ends with a hyphen', 'parcel-', { Created: { v1 } }, 'aggregate type "parcel-"'],
    ['an event with a small letter', 'parcel', { created: { v1 } }, 'event parcel.created'],
    ['an event without a version', 'parcel', { Created: {} }, 'event parcel.Created has no version'],
    ['a version that is no number', 'parcel', { Created: { vNext: v1 } }, 'version vNext'],
    ['no event at all', 'parcel', {}, 'aggregate type parcel has no events'],
  ])('refuses %s and names it', (_what, name, events, named) => {
    expect(() => defineAggregate(name, { events })).toThrow(InvalidDefinitionError);
    expect(() => defineAggregate(name, { events })).toThrow(named);
  });
});

describe('recogniseEvent', () => {
  it('reads each version by its own schema', () => {
    const second = {
      ...event,
      dataschema: 'urn:outbox:event:PaidSubscriptionStarted:v2',
      data: { plan: 'x', seats: 2 },
    };
    expect(recogniseEvent(subscription.eventTypes, event)).toMatchObject({
      kind: 'known',
      event: { data: { plan: 'gold' } },
    });
    expect(recogniseEvent(subscription.eventTypes, second)).toMatchObject({
      kind: 'known',
      event: { data: { seats: 2 } },
    });
    expect(recogniseEvent(subscription.eventTypes, { ...second, data: { plan: 'x' } })).toEqual({
      kind: 'malformed',
      detail: expect.stringContaining('data.seats: '),
    });
  });

  it('does not take the same type of another aggregate for its own', () => {
    const other = { ...event, aggregatetype: 'subscription' };
    expect(recogniseEvent(subscription.eventTypes, other)).toMatchObject({
      kind: 'unknown-type',
      event: { id: 'e-1' },
    });
  });

  it.each([
    ['without an aggregate type', { aggregatetype: undefined }, 'aggregatetype: '],
    ['with hops beyond the limit', { hops: 16 }, 'hops: '],
  ])('calls an event %s malformed', (_what, change, place) => {
    expect(recogniseEvent(subscription.eventTypes, { ...event, ...change })).toEqual({
      kind: 'malformed',
      detail: expect.stringContaining(place),
    });
  });
});

describe('draftProblem', () => {
  it('finds nothing wrong with a draft of the aggregate', () => {
    expect(draftProblem(subscription.eventTypes, subscription.Started({ plan: 'x', seats: 1 }))).toBeUndefined();
  });

  it('names the field that is not what the schema says', () => {
    const draft = subscription.Started({ plan: 'x', seats: 1.5 });
    expect(draftProblem(subscription.eventTypes, draft)).toEqual({
      kind: 'invalid-data',
      detail: expect.stringContaining('urn:outbox:event:PaidSubscriptionStarted:v2: data.seats: '),
    });
  });

  it('knows no event of another aggregate', () => {
    const parcel = defineAggregate('parcel', { events: { Moved: { v1 } } });
    expect(draftProblem(subscription.eventTypes, parcel.Moved({ plan: 'x' }))).toMatchObject({ kind: 'unknown-event' });
  });
});
