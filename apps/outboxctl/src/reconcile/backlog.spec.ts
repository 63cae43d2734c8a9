import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DescribeArchiveCommand, type EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { recordingClient } from '@outbox/testing';
import { metricsOf } from '../testing/metrics';
import { stackOf } from '../testing/stack';
import { Backlog } from './backlog';

const NOW = Date.UTC(2026, 0, 2);
const DAY = 86_400;
const minutesAgo = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString();
const publishedAt = (minutes: number) => ({ publishedAt: minutesAgo(minutes) });

describe('what a queue explains', () => {
  it('is nothing where nobody waits in it, and it is asked once', async () => {
    const { backlog, asked } = setUp({ waiting: 0 });
    expect(await backlog.explains('mails', publishedAt(1))).toBe(false);
    expect(await backlog.explains('mails', publishedAt(1))).toBe(false);
    expect(asked()).toBe(1);
  });

  it('is what came to the bus since its oldest message did', async () => {
    const { backlog } = setUp({ waiting: 100, oldestSeconds: 600 });
    expect(await backlog.explains('mails', publishedAt(11))).toBe(true);
    expect(await backlog.explains('mails', publishedAt(13))).toBe(false);
    expect(await backlog.explains('mails', { publishedAt: undefined })).toBe(false);
  });

  it('is no more than the messages that wait', async () => {
    const { backlog } = setUp({ waiting: 2, oldestSeconds: 600 });
    const all = await Promise.all([1, 2, 3].map(() => backlog.explains('mails', publishedAt(5))));
    expect(all.filter(Boolean)).toHaveLength(2);
  });

  it.each([
    ['runs', { State: 'RUNNING' }, true],
    ['ended while the oldest message waited', { State: 'COMPLETED', ReplayEndTime: new Date(minutesAgo(5)) }, true],
    ['ended before', { State: 'COMPLETED', ReplayEndTime: new Date(minutesAgo(30)) }, false],
  ])('is what a replay brought that %s', async (_when, replay, isQueued) => {
    const span = { EventStartTime: new Date(minutesAgo(9_000)), EventEndTime: new Date(minutesAgo(8_000)) };
    const { backlog } = setUp({ waiting: 100, oldestSeconds: 600, replays: [{ ...span, ...replay }] });
    expect(await backlog.explains('mails', publishedAt(8_500))).toBe(isQueued);
    expect(await backlog.explains('mails', publishedAt(9_500))).toBe(false);
    // Of an event that is gone it is known only that it didn't come before that.
    expect(await backlog.explains('mails', { notBefore: minutesAgo(9_500) })).toBe(isQueued);
    expect(await backlog.explains('mails', { notBefore: minutesAgo(7_500) })).toBe(false);
  });

  it('is no event past retention unless a replay brought it: the queue keeps messages for less long', async () => {
    const { backlog } = setUp({ waiting: 2, oldestSeconds: 3 * DAY });
    expect(await backlog.explains('mails', { notBefore: minutesAgo(9_000) })).toBe(false);
    expect(await backlog.explains('mails', { notBefore: undefined })).toBe(false);
  });
});

interface Queue {
  readonly waiting: number;
  readonly oldestSeconds?: number;
  readonly replays?: readonly object[];
}

function setUp({ waiting, oldestSeconds, replays = [] }: Queue) {
  const sqs = recordingClient(() => ({ Attributes: { ApproximateNumberOfMessages: String(waiting) } }));
  const ages = oldestSeconds === undefined ? [] : [oldestSeconds];
  const cloudwatch: () => CloudWatchClient = metricsOf({ 'ApproximateAgeOfOldestMessage Maximum mails': ages });
  const send = (command: unknown) =>
    Promise.resolve(
      command instanceof DescribeArchiveCommand ? { ArchiveArn: 'a', EventSourceArn: 'b' } : { Replays: replays },
    );
  const clients = {
    sqs: () => sqs as unknown as SQSClient,
    cloudwatch,
    eventbridge: () => ({ send }) as unknown as EventBridgeClient,
  };
  return { backlog: new Backlog(clients, stackOf(), NOW), asked: () => sqs.inputs.length };
}
