import type { Told, ToldImport } from './accepted-order';
import type { CommittedEvent } from './committed-event';
import type { FindingKind } from './finding';
import { judgeTold } from './judge-told';
import { committed, orderAt } from './testing/rows';

const { changed: _, ...confirmed } = orderAt(2);
const answers = (...versions: [number, object][]): Told => ({
  kind: 'answers',
  answers: new Map(versions as [number, Readonly<Record<string, unknown>>][]),
});
const placed: [number, object] = [1, orderAt(1)];
const two = [committed({ version: 1 }), committed({ version: 2 })];
const caused = committed({ version: 2, causationId: 's-1' });

const imports = (...some: Partial<ToldImport>[]): Told => ({
  kind: 'imports',
  imports: some.map((one) => ({
    name: 'i-1',
    after: 0,
    events: 2,
    outcome: { kind: 'committed', sequence: 2 },
    isUncertain: false,
    ...one,
  })),
});
const conflict = { kind: 'conflict', lastSequence: 2 } as const;
const imported = (correlationId: string, ...versions: number[]): CommittedEvent[] =>
  versions.map((version) => committed({ version, correlationId }));

describe('judgeTold', () => {
  it.each<[string, Told, readonly CommittedEvent[]]>([
    ['each accepted change has its event', answers(placed, [2, confirmed]), two],
    ['a consumer made the other change', answers(placed), [committed({ version: 1 }), caused]],
    ['a commit has all of its events', imports({}), imported('i-1', 1, 2)],
    ['the loser of two commits has none', imports({}, { name: 'i-2', outcome: conflict }), [...imported('i-1', 1, 2)]],
    ['a commit without an answer met itself', imports({ outcome: conflict, isUncertain: true }), imported('i-1', 1, 2)],
  ])('finds nothing where %s', (_what, told, events) => {
    expect(judgeTold(told, events)).toEqual([]);
  });

  it.each<[string, FindingKind, Told, readonly CommittedEvent[]]>([
    ['an accepted change that is gone', 'lost', answers(placed, [2, confirmed]), two.slice(0, 1)],
    ['an accepted change that is another', 'lost', answers(placed, [2, { ...confirmed, items: [] }]), two],
    [
      'a consumer’s change in place of an accepted one',
      'lost',
      answers(placed, [2, confirmed]),
      [two[0] ?? caused, caused],
    ],
    ['a change that nobody asked for', 'duplicated', answers(placed), two],
    ['half a commit', 'lost', imports({}), imported('i-1', 1)],
    ['a commit with somebody else’s event between', 'lost', imports({}), imported('i-1', 1, 3)],
    ['a commit that was made twice', 'duplicated', imports({}), imported('i-1', 1, 2, 3, 4)],
    [
      'a commit whose answer counts wrong',
      'wrong-answer',
      imports({ outcome: { kind: 'committed', sequence: 3 } }),
      imported('i-1', 1, 2),
    ],
    ['a conflict that was committed', 'duplicated', imports({ outcome: conflict }), imported('i-1', 1, 2)],
    [
      'half of a commit without an answer',
      'duplicated',
      imports({ outcome: conflict, isUncertain: true }),
      imported('i-1', 1),
    ],
    ['a conflict with nothing', 'wrong-answer', imports({ outcome: { kind: 'conflict', lastSequence: 0 } }), []],
    ['a commit that nobody asked for', 'duplicated', imports({}), imported('i-1', 1, 2).concat(imported('i-9', 3))],
  ])('finds %s', (_what, kind, told, events) => {
    expect(judgeTold(told, events)).toEqual([expect.objectContaining({ kind })]);
  });
});
