import { isQuiet, untilStill, type Look } from './look';

const quiet: Look = { ready: 0, underWay: 0, setAside: 0, unpublished: 0, running: 0 };
const noSleep = () => Promise.resolve();

/** Looks that come one after the other, the last for ever; `taken` of them were taken. */
function looks(...all: readonly Look[]) {
  const counter = { taken: 0 };
  const look = () => Promise.resolve(all[Math.min(counter.taken++, all.length - 1)] ?? quiet);
  return { counter, look };
}

describe('untilStill', () => {
  it('waits for two looks alike with nothing to be received', async () => {
    const parked = { ...quiet, underWay: 2, unpublished: 3 };
    const { counter, look } = looks({ ...quiet, ready: 1 }, { ...quiet, ready: 1 }, { ...parked, underWay: 3 }, parked);
    expect(await untilStill(look, () => 0, 60_000, noSleep)).toEqual(parked);
    expect(counter.taken).toBe(5);
  });

  it('waits for clients that are at work', async () => {
    const { counter, look } = looks(quiet);
    expect(await untilStill(look, () => (counter.taken < 9 ? 1 : 0), 60_000, noSleep)).toEqual(quiet);
    expect(counter.taken).toBe(9);
  });

  it('waits for functions at work, though nothing else changes', async () => {
    const working = { ...quiet, underWay: 1, running: 1 };
    const parked = { ...quiet, underWay: 1 };
    const { counter, look } = looks(working, working, working, parked, parked);
    expect(await untilStill(look, () => 0, 60_000, noSleep)).toEqual(parked);
    expect(counter.taken).toBe(5);
  });

  it('gives up in time, with what it saw last', async () => {
    const busy = { ...quiet, ready: 5 };
    expect(await untilStill(looks(busy).look, () => 1, 0, noSleep)).toEqual(busy);
  });
});

describe('isQuiet', () => {
  it.each(['ready', 'underWay', 'setAside', 'unpublished', 'running'] as const)(
    'is not while something is %s',
    (what) => {
      expect(isQuiet(quiet)).toBe(true);
      expect(isQuiet({ ...quiet, [what]: 1 })).toBe(false);
    },
  );
});
