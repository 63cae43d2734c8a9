import { judgeOutage, type OutageFacts } from './judge-outage';

const calm: OutageFacts = {
  drain: { isDrained: true, engineMs: 60_000, wallMs: 1_000, deadLetters: [] },
  api: { requests: 200, failed: 0, slow: 0, p50Ms: 20, p99Ms: 90 },
};
const expected = { deadLetters: { consumer: 'mailer', reasons: ['attempts'] } };
const dead = (consumer: string, reason: string): OutageFacts => ({
  ...calm,
  drain: { ...calm.drain, deadLetters: [{ consumer, reason, count: 3 }] },
});
const kinds = (...args: Parameters<typeof judgeOutage>) => judgeOutage(...args).map(({ kind }) => kind);

describe('judgeOutage', () => {
  it('finds nothing where all was drained, none was set aside and the API did its work', () => {
    expect(judgeOutage({}, calm)).toEqual([]);
  });

  it('finds every dead letter that the outage does not name', () => {
    expect(judgeOutage({}, dead('mailer', 'attempts'))).toEqual([
      { kind: 'stuck', subject: 'mailer', detail: expect.stringMatching('3 messages were dead-lettered .attempts') },
    ]);
    expect(judgeOutage(expected, dead('mailer', 'attempts'))).toEqual([]);
    expect(kinds(expected, dead('mailer', 'gap'))).toEqual(['stuck']);
    expect(kinds(expected, dead('view', 'attempts'))).toEqual(['stuck']);
  });

  it('finds a backlog that never drained', () => {
    expect(judgeOutage({}, { ...calm, drain: { ...calm.drain, isDrained: false, engineMs: 5_400_000 } })).toEqual([
      { kind: 'stuck', subject: 'queues', detail: 'not drained 90 minutes after the outage' },
    ]);
  });

  it('lets one request in a hundred fail, and all of them where the outage is the API’s too', () => {
    expect(kinds({}, { ...calm, api: { ...calm.api, failed: 2 } })).toEqual([]);
    expect(kinds({}, { ...calm, api: { ...calm.api, failed: 3 } })).toEqual(['wrong-answer']);
    expect(kinds({ apiMayFail: true }, { ...calm, api: { ...calm.api, failed: 100 } })).toEqual([]);
  });
});
