import { judgeStage, type Evidence } from './pipeline';

const runs = { runs: true, state: 'Enabled' };
const evidence: Evidence = { kind: 'consumer', run: runs, perMinute: [0, 3], failedPerMinute: [0, 0] };

describe('the condition of a stage', () => {
  it.each([
    ['is running when nothing waits', {}, {}, 'running', []],
    ['is waiting within the objective', { waiting: 3, underWay: 1, oldestSeconds: 12 }, {}, 'waiting', []],
    [
      'is behind when the oldest is too old',
      { waiting: 1, oldestSeconds: 75 },
      {},
      'behind',
      ['the oldest waits for 75 s'],
    ],
    ['is behind when its lag is', { lagMs: { p50: 1, p99: 90_000 } }, {}, 'behind', ['1 % takes longer than 90.0 s']],
    ['is behind with dead letters', { deadLetters: 2 }, {}, 'behind', ['2 dead letters']],
    [
      'is failing when attempts fail, whatever else',
      { deadLetters: 2 },
      { failedPerMinute: [9, 0, 4, 1] },
      'failing',
      ['5 failed attempts in 2 minutes', '2 dead letters'],
    ],
    [
      'is stopped when it is switched off',
      { waiting: 40 },
      { run: { runs: false, state: 'Disabled' } },
      'stopped',
      ['its event source mapping is Disabled'],
    ],
    [
      'is stopped when the pipe is, with AWS’s reason',
      {},
      { kind: 'relay' as const, run: { runs: false, state: 'STOPPED', reason: 'by a person' } },
      'stopped',
      ['the pipe is STOPPED: by a person'],
    ],
  ])('%s', (_claim, stage, more, condition, says) => {
    expect(judgeStage({ stage: 'mails', ...stage }, { ...evidence, ...more }, 60)).toMatchObject({
      name: 'mails',
      condition,
      says,
    });
  });
});
