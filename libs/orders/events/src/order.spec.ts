import { recogniseEvent } from '@outbox/outbox-envelope';
import { order } from './order';

const recognise = (detail: unknown) => recogniseEvent(order.eventTypes, detail);

const event = {
  specversion: '1.0',
  id: 'e-1',
  source: 'orders',
  type: 'OrderCreated',
  aggregatetype: 'order',
  subject: 'o-1',
  time: '2026-01-01T00:00:00.000Z',
  datacontenttype: 'application/json',
  dataschema: 'urn:outbox:event:OrderCreated:v1',
  sequence: '1',
  partitionkey: 'order#o-1',
  data: {
    orderId: 'o-1',
    customerId: 'c-1',
    status: 'PLACED',
    currency: 'EUR',
    items: [{ sku: 's', quantity: 1, unitPrice: '1.00' }],
    total: '1.00',
    version: 1,
    placedAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
  },
};

describe('the events of an order', () => {
  it('knows an event and lets unknown fields pass', () => {
    const later = { ...event, newattribute: 'x', data: { ...event.data, newField: 1 } };
    expect(recognise(later)).toMatchObject({ kind: 'known', event: { id: 'e-1', data: { total: '1.00' } } });
  });

  it.each([
    ['unknown-type', { type: 'OrderArchived' }],
    ['unknown-type', { type: 'toString' }],
    ['unknown-type', { aggregatetype: 'invoice' }],
    ['unknown-version', { dataschema: 'urn:outbox:event:OrderCreated:v2' }],
  ])('tells an %s apart, with its envelope', (kind, change) => {
    expect(recognise({ ...event, ...change })).toMatchObject({ kind, event: { id: 'e-1', sequence: '1' } });
  });

  it.each([
    ['nothing', undefined, 'event'],
    ['text', 'x', 'event'],
    ['no id', { ...event, id: undefined }, 'id'],
    ['a sequence that is no version', { ...event, sequence: '01' }, 'sequence'],
    ['no time', { ...event, time: 'yesterday' }, 'time'],
    ['data of another shape', { ...event, data: { ...event.data, items: 'none' } }, 'data.items'],
  ])('calls %s malformed and names the place', (_what, detail, place) => {
    expect(recognise(detail)).toMatchObject({
      kind: 'malformed',
      detail: expect.stringContaining(`${place}:`),
    });
  });
});
