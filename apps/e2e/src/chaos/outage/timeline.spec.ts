import { Timeline } from './timeline';

describe('Timeline', () => {
  const setUp = () => {
    const moved: number[] = [];
    const slept: number[] = [];
    const cloud = {
      advance: (ms: number) => {
        moved.push(ms);
        return Promise.resolve(ms);
      },
    };
    const timeline = new Timeline(cloud, (ms) => {
      slept.push(ms);
      return Promise.resolve();
    });
    return { timeline, moved, slept };
  };

  it('moves engine time, and wakes those whose time has come, in its order', async () => {
    const { timeline, moved } = setUp();
    const woken: string[] = [];
    const sleepers = [30, 10, 20].map((ms) => timeline.sleep(ms).then(() => woken.push(`${ms}`)));
    expect(timeline.asleep).toBe(3);
    await timeline.move(20);
    await Promise.all(sleepers.slice(1));
    expect(woken).toEqual(['10', '20']);
    expect([timeline.asleep, timeline.elapsedMs]).toEqual([1, 20]);
    await timeline.move(10);
    await sleepers[0];
    expect(moved).toEqual([20, 10]);
  });

  it('counts from when somebody lies down', async () => {
    const { timeline } = setUp();
    await timeline.move(100);
    const sleeper = timeline.sleep(10);
    await timeline.move(9);
    expect(timeline.asleep).toBe(1);
    await timeline.move(1);
    await sleeper;
  });

  it('wakes all at its end, and lets real time pass from then on', async () => {
    const { timeline, slept } = setUp();
    const sleeper = timeline.sleep(1_000, 5);
    timeline.end();
    await sleeper;
    await timeline.sleep(1_000, 7);
    expect(slept).toEqual([7]);
    expect(timeline.asleep).toBe(0);
  });
});
