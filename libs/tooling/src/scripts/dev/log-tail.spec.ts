import type { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { LogTail } from './log-tail.ts';

describe('LogTail', () => {
  it('tells every line once, in the order of their times, from the beginning on', async () => {
    const written: { readonly group: string; readonly timestamp: number; readonly message: string }[] = [];
    const send = ({ input: { logGroupName, startTime = 0 } }: FilterLogEventsCommand) =>
      Promise.resolve({
        events: written
          .map((event, index) => ({ ...event, eventId: String(index) }))
          .filter(({ group, timestamp }) => group === logGroupName && timestamp >= startTime),
      });
    const logs = { send } as unknown as CloudWatchLogsClient;
    const names = new Map([
      ['api', 'stack-api'],
      ['relay', 'stack-relay'],
    ]);
    const tail = new LogTail(logs, names, 10);
    const [api, relay] = ['/aws/lambda/stack-api', '/aws/lambda/stack-relay'];

    written.push({ group: api, timestamp: 9, message: 'too old' });
    written.push({ group: api, timestamp: 12, message: 'second' });
    written.push({ group: relay, timestamp: 11, message: 'first' });
    expect(await tail.read()).toEqual([
      expect.stringMatching(/relay {2}first/),
      expect.stringMatching(/api {2}second/),
    ]);

    written.push({ group: api, timestamp: 12, message: 'in the same millisecond' });
    expect(await tail.read()).toEqual([expect.stringMatching(/api {2}in the same millisecond/)]);
    expect(await tail.read()).toEqual([]);
  });
});
