import type { Pipeline, StageView } from '@outbox/console-api';
import { styleFor } from '@outbox/cli-kit';
import { isHealthy, renderStatus } from './render';

const PLAIN = styleFor({}, {});
/** As long as a consumer's name can be. */
const LONG = 'a-consumer-of-24-letters';

const stage = (more: Partial<StageView> = {}): StageView => ({
  name: LONG,
  kind: 'consumer',
  condition: 'running',
  says: [],
  waiting: 0,
  underWay: 0,
  lagMs: { p50: 35, p99: 9_999 },
  deadLetters: 0,
  perMinute: [0, 1_234, 5],
  ...more,
});
const pipeline = (stages: readonly StageView[], more: Partial<Pipeline> = {}): Pipeline => ({
  at: '2026-01-02T00:00:00.000Z',
  objectiveSeconds: 60,
  stages,
  alarms: [],
  ...more,
});
const lines = (of: Pipeline) => renderStatus(of, PLAIN).split('\n');

describe('outboxctl status', () => {
  it('is content when all runs', () => {
    const well = pipeline([stage(), stage({ condition: 'waiting', waiting: 3, oldestSeconds: 2 })]);
    expect(isHealthy(well)).toBe(true);
    expect(lines(well)).toEqual([
      '2026-01-02T00:00:00.000Z',
      'stage                          is  /min  waiting  oldest  lag p99  dead',
      `${LONG}  running  1234        0          9999 ms`,
      `${LONG}  waiting  1234        3     2 s  9999 ms`,
      '',
      'all is well: within 60 s, nothing dead, no alarms are known',
    ]);
  });

  it.each<[string, Partial<StageView>, string]>([
    ['stopped pipe', { name: 'outbox-relay', kind: 'relay', condition: 'stopped' }, 'outboxctl resume pipe'],
    ['stopped consumer', { condition: 'stopped' }, `outboxctl resume ${LONG}`],
    ['failing consumer', { condition: 'failing' }, 'outboxctl stuck'],
    ['slow consumer', { condition: 'behind' }, 'outboxctl stuck'],
    ['dead letters', { condition: 'behind', deadLetters: 3 }, `outboxctl dlq show ${LONG}`],
    ['missed sweeps', { kind: 'outbox', condition: 'behind', deadLetters: 3 }, 'outboxctl dlq show outbox-sweeper'],
  ])('says what to do about a %s', (_what, more, todo) => {
    const ill = pipeline([stage({ ...more, says: ['because'] })]);
    expect(isHealthy(ill)).toBe(false);
    expect(renderStatus(ill, PLAIN).replaceAll(/\s+/g, ' ')).toContain(`is ${more.condition}: because (${todo})`);
  });

  it('names the alarms that are on, with where it is said what to do', () => {
    const alarm = { reason: '', description: '', since: '2026-01-01T23:00:00.000Z', runbook: 'docs/alarms.md#x' };
    const ill = pipeline([stage()], {
      alarms: [
        { ...alarm, name: 'a', state: 'ALARM' },
        { ...alarm, name: 'b', state: 'OK' },
      ],
    });
    expect(isHealthy(ill)).toBe(false);
    expect(lines(ill).slice(4)).toEqual(['alarm a since 2026-01-01T23:00:00.000Z: docs/alarms.md#x']);
  });

  it('fits 80 columns at its widest', () => {
    const worst = stage({
      condition: 'stopped',
      says: ['its event source mapping is Disabled', '123456 dead letters', 'the oldest waits for 86400 s'],
      waiting: 120_000,
      oldestSeconds: 86_400,
      lagMs: { p50: 1, p99: 9_999_999 },
      deadLetters: 123_456,
      perMinute: [99_999, 1],
    });
    expect(Math.max(...lines(pipeline([worst])).map(({ length }) => length))).toBeLessThanOrEqual(80);
  });
});
