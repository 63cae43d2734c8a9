import { join } from 'node:path';
import { namesIn, sourcesUnder, spellingsIn, type Names, type Spelling } from './item-formats';

const ROOT = join(__dirname, '..', '..', '..', '..');

/** Who writes items, and so owns their keys and attributes. */
const OWNERS: readonly { readonly folder: string; readonly formats: readonly string[] }[] = [
  {
    folder: 'libs/outbox',
    formats: ['libs/outbox/rules/', 'libs/outbox/dynamodb/', 'libs/outbox/commands/src/request-marks.ts'],
  },
  { folder: 'libs/inbox', formats: ['libs/inbox/'] },
];

/** What may spell names that it doesn't own. */
const EXEMPT: readonly { readonly path: string; readonly names: readonly string[] | 'all'; readonly reason: string }[] =
  [
    { path: 'apps/e2e/', names: 'all', reason: 'it judges the tables without the help of what it judges' },
    {
      path: 'apps/local-cloud/',
      names: ['expiresAt'],
      reason: 'it is no part of the product and has tables of its own',
    },
    { path: 'apps/orders-api/src/contract/', names: ['updatedAt'], reason: 'an order has one of its own' },
    { path: 'apps/order-query/', names: ['updatedAt'], reason: 'an order has one of its own' },
    { path: 'libs/orders/dynamodb/', names: ['updatedAt'], reason: 'an order has one of its own' },
  ];

describe('a format of items', () => {
  const sources = ['apps', 'libs'].flatMap((folder) => sourcesUnder(ROOT, folder));
  const owners = OWNERS.map((owner) => ({ ...owner, names: namesOf(owner.formats) }));
  const spelled: readonly Spelling[] = owners.flatMap(({ folder, names }) =>
    sources
      .filter(([path]) => !path.startsWith(`${folder}/`))
      .flatMap(([path, source]) => spellingsIn(path, source, names)),
  );
  const ofOutbox = owners.find(({ folder }) => folder === 'libs/outbox')?.names ?? namesOf([]);

  it.each([
    ['libs/outbox', ['EVENT#', 'OutboxEvent', 'unpublished', 'OutboxHead', 'dueAt', 'lastSequence', 'spentKeys']],
    ['libs/inbox', ['INBOX', 'EFFECT#', 'SKIP#', 'lastVersion', 'lastEventId', 'eventId', 'appliedAt']],
  ])('of %s is known by its names', (folder, names) => {
    const known = owners.find((owner) => owner.folder === folder)?.names;
    expect([...(known?.keys ?? []), ...(known?.attributes ?? [])]).toEqual(expect.arrayContaining(names));
  });

  it('is spelled by its owner only: others import what reads and writes it', () => {
    expect(spelled.filter((spelling) => !isOwnedToo(spelling) && !EXEMPT.some(isOf(spelling)))).toEqual([]);
  });

  it.each(EXEMPT)('is spelled by $path for a reason that still holds: $reason', (exemption) => {
    expect(spelled.filter((spelling) => isOf(spelling)(exemption))).not.toEqual([]);
  });

  it.each([
    ['a key', "const key = { sk: { S: `EVENT#${'1'}` } };"],
    ['a constant', "row['entity'] === 'OutboxEvent';"],
    ['an expression', "const update = 'SET dueAt = :dueAt';"],
    ['a name in brackets', "Number(item['dueAt']?.N);"],
    ['a property', 'const at = item.dueAt?.S;'],
    ['a variable', 'const { dueAt } = item; use(dueAt?.S);'],
    ['an item', "put({ dueAt: { S: 'now' } });"],
    ['a reader', "itemReader(table, item).text('dueAt');"],
  ])('is recognised in %s', (_form, source) => {
    expect(spellingsIn('x.ts', source, ofOutbox)).not.toEqual([]);
  });

  it('is not taken for the fields of a value that was read', () => {
    const source = "const due: Pick<Event, 'dueAt'> = { dueAt: event.dueAt }; print(`unpublished, due ${due.dueAt}`);";
    expect(spellingsIn('x.ts', source, ofOutbox)).toEqual([]);
  });

  function namesOf(formats: readonly string[]): Names {
    const names = sources
      .filter(([path]) => formats.some((format) => path.startsWith(format)))
      .map(([, source]) => namesIn(source));
    return {
      keys: new Set(names.flatMap(({ keys }) => [...keys])),
      attributes: new Set(names.flatMap(({ attributes }) => [...attributes])),
    };
  }

  /** Two owners may have an attribute of the same name, each in its own items. */
  function isOwnedToo({ name, place }: Spelling): boolean {
    return owners.some(
      ({ folder, names }) => place.startsWith(`${folder}/`) && (names.keys.has(name) || names.attributes.has(name)),
    );
  }
});

function isOf({ name, place }: Spelling) {
  return ({ path, names }: (typeof EXEMPT)[number]): boolean =>
    place.startsWith(path) && (names === 'all' || names.includes(name));
}
