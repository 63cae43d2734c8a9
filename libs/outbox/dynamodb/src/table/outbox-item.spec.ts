import { CorruptItemError, type Item } from '@outbox/function-kit';
import type { OutboxItem } from '@outbox/outbox-rules';
import {
  isOutboxItem,
  OUTBOX_SUMMARY_ATTRIBUTES,
  outboxPut,
  readOutboxSummary,
  unmarshalOutboxItem,
} from './outbox-item';

const written: OutboxItem = {
  pk: 'a',
  sk: 'EVENT#0000000001',
  entity: 'OutboxEvent',
  id: 'e-1',
  type: 'Changed',
  committedAt: '2026-01-01T00:00:00.000Z',
  attempts: 0,
  detail: '{}',
  unpublishedShard: 's0',
  dueAt: '2026-01-01T00:01:00.000Z',
};
const item: Item = outboxPut('outbox', written).Put?.Item ?? {};

describe('an outbox item', () => {
  it('is read back as it was written', () => {
    expect(unmarshalOutboxItem('outbox', item)).toStrictEqual(written);
  });

  it('is summed up from the attributes that a projection of the summary holds', () => {
    const failed = { ...item, failedAt: { S: 'x' }, failure: { S: 'y' }, expiresAt: { N: '1' } };
    const projected = Object.fromEntries(OUTBOX_SUMMARY_ATTRIBUTES.flatMap((name) => onlyOf(failed, name)));
    const { detail: _, ...summary } = unmarshalOutboxItem('outbox', failed);
    expect(readOutboxSummary('outbox', projected)).toStrictEqual(summary);
  });

  it.each<[attribute: string, wrong: Item]>([
    ['entity', { ...item, entity: { S: 'Other' } }],
    ['committedAt', { ...item, committedAt: { N: '1' } }],
    ['sk', { ...item, sk: { S: 'OTHER' } }],
  ])('that makes no sense is refused by table, key and attribute: %s', (attribute, wrong) => {
    const key = `a ${wrong['sk']?.S ?? ''}`;
    expect(() => readOutboxSummary('outbox', wrong)).toThrow(new CorruptItemError('outbox', key, attribute));
  });

  it('is told from what lies beside it', () => {
    expect([isOutboxItem(item), isOutboxItem({ pk: { S: 'a' } })]).toEqual([true, false]);
  });
});

function onlyOf(from: Item, name: string): [string, Item[string]][] {
  return from[name] === undefined ? [] : [[name, from[name]]];
}
