import type { Environment } from './environment';
import type { FunctionTarget, Invocation, InvocationResult } from './invocation';
import { Pool, type PoolPorts } from './pool';
import { Slots } from './slots';

describe('a pool of execution environments', () => {
  it('lets an event wait a moment for a busy environment before it starts another', async () => {
    const { pool, machine } = setUp();
    const [first, second] = [pool.run(event), pool.run(event)];
    expect(machine.started()).toHaveLength(1);
    machine.start(0).finish();
    await first;
    machine.start(0).finish();
    await second;
    machine.waited();
    expect(machine.started()).toHaveLength(1);

    machine.start(0);
    const [third, fourth] = [pool.run(event), pool.run(event)];
    machine.waited();
    expect(machine.started()).toHaveLength(2);
    machine.start(1).finish();
    machine.environment(0).finish();
    await Promise.all([third, fourth]);
  });

  it('starts no other on a machine without time left until none gets done any more', () => {
    const { pool, machine } = setUp();
    for (let waiting = 0; waiting < 9; waiting += 1) void pool.run(event);
    machine.start(0);
    machine.isBusy(true);
    const waitTimes = (times: number): number => {
      for (let time = 0; time < times; time += 1) machine.waited();
      return machine.started().length;
    };
    expect(waitTimes(4)).toBe(1);
    machine.start(0);
    expect(waitTimes(4)).toBe(1);
    expect(waitTimes(1)).toBe(2);
    machine.start(1);
    expect(waitTimes(1)).toBe(3);

    machine.start(2);
    machine.start(0);
    expect(waitTimes(4)).toBe(3);
    machine.start(0);
    machine.isBusy(false);
    expect(waitTimes(1)).toBe(4);
  });

  describe('is free', () => {
    it('when an event can be run at once', async () => {
      const { pool, machine } = setUp();
      await pool.whenFree();
      const first = pool.run(event);
      const isFree = await watch(pool);
      expect(await isFree()).toBe(false);
      machine.start(0).finish();
      await first;
      expect(await isFree()).toBe(false);
      machine.start(0);
      expect(await isFree()).toBe(true);
    });

    it('after a moment in which no environment got done, for an event that another is to be started for', async () => {
      const { pool, machine } = setUp();
      void pool.run(event);
      machine.start(0);
      const isFree = await watch(pool);
      machine.waited();
      expect(await isFree()).toBe(true);
    });

    it('after a moment in which there was always another event, too', async () => {
      const { pool, machine } = setUp();
      void pool.run(event);
      machine.start(0);
      const isFree = await watch(pool);
      const endMoment = machine.begunMoments();
      void pool.run(event);
      machine.start(0);
      expect(await isFree()).toBe(false);
      endMoment();
      expect(await isFree()).toBe(true);
    });

    it('after some more moments on a machine without time left', async () => {
      const { pool, machine } = setUp();
      machine.isBusy(true);
      void pool.run(event);
      machine.start(0);
      const isFree = await watch(pool);
      for (let moment = 1; moment < 5; moment += 1) {
        machine.waited();
        expect(await isFree()).toBe(false);
      }
      machine.waited();
      expect(await isFree()).toBe(true);
    });

    it('when the only environment is gone', async () => {
      const { pool, machine } = setUp();
      void pool.run(event);
      machine.start(0);
      const isFree = await watch(pool);
      machine.environment(0).environment.kill();
      expect(await isFree()).toBe(true);
    });
  });

  it('does not grow on a full machine, and goes on with what it has', async () => {
    const { pool, machine } = setUp({ maxAlive: 1 });
    const [first, second] = [pool.run(event), pool.run(event)];
    machine.start(0);
    machine.waited();
    expect(machine.started()).toHaveLength(1);
    machine.environment(0).finish();
    machine.start(0).finish();
    await Promise.all([first, second]);
  });

  it('gives way to a function that has no environment yet, as soon as it is idle', async () => {
    const { pool, other, machine } = setUp({ maxAlive: 1 });
    const first = pool.run(event);
    const foreign = other.run(event);
    machine.start(0).finish();
    await first;
    machine.start(0);
    expect(machine.environment(0).ended()).toBe(true);
    machine.start(1).finish();
    await foreign;
  });

  it('has one started ahead, which the first event finds or waits for', async () => {
    const { pool, machine } = setUp();
    pool.prepare();
    pool.prepare();
    expect(machine.started()).toHaveLength(1);
    const first = pool.run(event);
    machine.waited();
    expect(machine.started()).toHaveLength(1);
    machine.start(0).finish();
    await first;
    machine.start(0);
    pool.prepare();
    expect(machine.started()).toHaveLength(1);
  });

  it('has none started ahead before the one of another pool is ready, and before an event that waits', async () => {
    const { pool, other, machine } = setUp();
    pool.prepare();
    other.prepare();
    expect(machine.started()).toHaveLength(1);
    const first = other.run(event);
    expect(machine.started()).toHaveLength(2);
    machine.start(0);
    machine.start(1).finish();
    await first;
    expect(machine.started()).toHaveLength(2);
  });

  it('leaves a quarter of the machine to events, and starts none ahead of a retired revision', async () => {
    const { pool, other, machine } = setUp({ maxAlive: 1 });
    const first = pool.run(event);
    other.prepare();
    void other.retire();
    machine.start(0).finish();
    await first;
    machine.environment(0).environment.kill();
    expect(machine.started()).toHaveLength(1);

    const full = setUp({ maxAlive: 4 });
    for (const expected of [1, 2, 3]) {
      void full.pool.run(event);
      if (expected > 1) full.machine.waited();
      expect(full.machine.started()).toHaveLength(expected);
      full.machine.start(expected - 1);
    }
    full.other.prepare();
    expect(full.machine.started()).toHaveLength(3);
    full.machine.environment(0).environment.kill();
    expect(full.machine.started()).toHaveLength(4);
  });

  it('fails all that wait when none can be built', async () => {
    const { pool, machine } = setUp();
    machine.breaks();
    await expect(pool.run(event)).rejects.toThrow('no role');
    await expect(pool.run(event)).rejects.toThrow('no role');
  });
});

const event = {} as Invocation;
const done: InvocationResult = { payload: Buffer.from('{}'), failed: false, logTail: Promise.resolve('') };

/** Begins to wait until a pool is free; what it returns tells whether it is by now. */
async function watch(pool: Pool): Promise<() => Promise<boolean>> {
  let isFree = false;
  void pool.whenFree().then(() => (isFree = true));
  const look = async (): Promise<boolean> => {
    await new Promise((resolve) => setImmediate(resolve));
    return isFree;
  };
  expect(await look()).toBe(false);
  return look;
}

/** Two pools on one machine whose environments do what the spec tells them. */
function setUp({ maxAlive = 10 } = {}) {
  const environments: ReturnType<typeof fakeEnvironment>[] = [];
  const waiting = new Set<() => void>();
  let broken = false;
  let isBusy = false;
  const slots: Slots = new Slots(maxAlive, 2, () => pools.some((one) => one.evictOne()));
  const ports: PoolPorts = {
    requestStart: (start) => slots.request(start),
    tryStart: (start) => slots.try(start),
    startWhenQuiet: (start) => slots.whenQuiet(start),
    started: () => slots.started(),
    ended: () => slots.ended(),
    idle: () => slots.idle(),
    afterIdle: () => () => undefined,
    afterWaiting: (action) => {
      waiting.add(action);
      return () => waiting.delete(action);
    },
    isBusy: () => isBusy,
    isStale: () => false,
    createEnvironment: (_target, events) => {
      if (broken) throw new Error('no role');
      const created = fakeEnvironment(events);
      environments.push(created);
      return created.environment as unknown as Environment;
    },
  };
  const pools = [new Pool({} as FunctionTarget, ports), new Pool({} as FunctionTarget, ports)] as const;
  const environment = (index: number) => {
    const one = environments[index];
    if (!one) throw new Error(`environment ${index} was not started`);
    return one;
  };
  return {
    pool: pools[0],
    other: pools[1],
    machine: {
      started: () => environments,
      environment,
      /** It is ready: for the first time, or again. */
      start: (index: number) => {
        environment(index).ready();
        return environment(index);
      },
      /** The moment is over for whoever waits. */
      waited: () => {
        const due = [...waiting];
        waiting.clear();
        for (const action of due) action();
      },
      /** What it returns ends the moments that are begun now, for whoever waits for them yet. */
      begunMoments: () => {
        const begun = [...waiting];
        return () => begun.filter((action) => waiting.delete(action)).forEach((action) => action());
      },
      isBusy: (so: boolean) => (isBusy = so),
      breaks: () => (broken = true),
    },
  };
}

function fakeEnvironment(events: { ready(): void; ended(): void }) {
  let finish: ((result: InvocationResult) => void) | undefined;
  let ended = false;
  return {
    ready: () => events.ready(),
    finish: () => finish?.(done),
    ended: () => ended,
    environment: {
      run: () => new Promise<InvocationResult>((resolve) => (finish = resolve)),
      kill: () => {
        if (ended) return;
        ended = true;
        events.ended();
      },
    },
  };
}
