import { append } from './append';
import { erasability, erasure } from './erase';
import type { StoredOutboxItem } from './outbox-item';
import { relay, UnreadableRecord } from './relay';
import { republish } from './republish';
import { parcel } from './testing/parcel';

const AT = '2026-01-05T00:00:00.000Z';
const published = { unpublishedShard: undefined, dueAt: undefined, publishedAt: AT, expiresAt: 1 };

describe('an item whose content is to go', () => {
  it.each<[string, Partial<StoredOutboxItem>, string]>([
    ['published', published, 'erase'],
    ['unpublished', {}, 'waiting'],
    ['given up by the sweeper', { ...published, publishedAt: undefined, failedAt: AT, failure: 'x' }, 'failed'],
    ['erased', { ...published, erasedAt: AT }, 'erased'],
  ])('%s', (_name, state, expected) => {
    expect(erasability({ ...itemOf(), ...state })).toBe(expected);
  });
});

describe('an erased event', () => {
  const erased = { ...itemOf(), ...published, ...erasure(Date.parse(AT)) };

  it('keeps nothing of its content', () => {
    expect(JSON.stringify(itemOf())).toContain('Ada');
    expect(JSON.stringify(erased)).not.toContain('Ada');
  });

  it('is not sent by the sweeper, which says why', () => {
    const reason = `its content was erased at ${AT}`;
    expect(republish(erased, AT)).toEqual({ kind: 'unreadable', reason });
  });

  it('is no event to a version that knows nothing of erasing either', () => {
    const { erasedAt: _, ...unknowing } = erased;
    expect(republish(unknowing, AT)).toMatchObject({ kind: 'unreadable' });
    const image = Object.fromEntries(
      Object.entries(unknowing).flatMap(([name, value]) => (typeof value === 'string' ? [[name, { S: value }]] : [])),
    );
    expect(() => relay({ eventID: '1', dynamodb: { NewImage: image } }, AT)).toThrow(UnreadableRecord);
  });
});

function itemOf(): StoredOutboxItem {
  const events = [parcel.Registered({ note: 'for Ada' })];
  const stamp = { now: 0, eventId: () => 'e-1' };
  const policy = { source: 'parcels', thresholdMs: 60_000 };
  const appended = append({ aggregate: parcel, id: 'p-1', after: 0, events }, { owner: 'Ada' }, stamp, policy);
  const [item] = appended.kind === 'appended' ? appended.items : [];
  if (!item) throw new Error('refused');
  return item;
}
