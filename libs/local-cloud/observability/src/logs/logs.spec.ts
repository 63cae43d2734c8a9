import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteStore } from '@outbox/local-cloud-kernel';
import { specCloud } from '../testing/spec-cloud';

const GROUP = '/aws/lambda/outbox-relay';
const DAY_MS = 86_400_000;

describe('CloudWatch Logs', () => {
  const directory = mkdtempSync(join(tmpdir(), 'logs-'));
  const store = new SqliteStore(':memory:');
  let cloud: ReturnType<typeof specCloud>;

  beforeAll(async () => {
    cloud = specCloud(store, directory);
    await cloud.call('logs', 'CreateLogGroup', { logGroupName: GROUP, tags: { project: 'outbox' } });
    await cloud.call('logs', 'CreateLogStream', { logGroupName: GROUP, logStreamName: 'a' });
    await cloud.call('logs', 'CreateLogStream', { logGroupName: GROUP, logStreamName: 'b' });
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  const put = (stream: string, ...events: readonly [at: number, message: string][]) =>
    cloud.call('logs', 'PutLogEvents', {
      logGroupName: GROUP,
      logStreamName: stream,
      logEvents: events.map(([at, message]) => ({ timestamp: cloud.clock.now() + at, message })),
    });
  const filter = async (filterPattern?: string): Promise<unknown[]> => {
    const { events } = await cloud.call('logs', 'FilterLogEvents', { logGroupName: GROUP, filterPattern });
    return (events ?? []).map(({ message }) => message);
  };

  it('describes a group as Terraform made it', async () => {
    await cloud.call('logs', 'PutRetentionPolicy', { logGroupName: GROUP, retentionInDays: 7 });
    const { logGroups } = await cloud.call('logs', 'DescribeLogGroups', { logGroupNamePrefix: GROUP });

    expect(logGroups).toEqual([
      expect.objectContaining({
        logGroupName: GROUP,
        retentionInDays: 7,
        logGroupClass: 'STANDARD',
        arn: `arn:aws:logs:us-east-1:000000000000:log-group:${GROUP}:*`,
      }),
    ]);
    const resourceArn = `arn:aws:logs:us-east-1:000000000000:log-group:${GROUP}`;
    expect((await cloud.call('logs', 'ListTagsForResource', { resourceArn })).tags).toEqual({ project: 'outbox' });
  });

  it('finds what was written, in order of time over all streams, after a restart too', async () => {
    await put('a', [0, 'first ERROR line'], [2, 'third line']);
    await put('b', [1, 'second "quoted" line']);
    cloud = specCloud(store, directory);

    expect(await filter()).toEqual(['first ERROR line', 'second "quoted" line', 'third line']);
    expect(await filter('line -ERROR')).toEqual(['second "quoted" line', 'third line']);
    expect(await filter('?ERROR ?third')).toEqual(['first ERROR line', 'third line']);
    expect(await filter('"ERROR line"')).toEqual(['first ERROR line']);
  });

  it('pages through a stream in both directions', async () => {
    const at = { logGroupName: GROUP, logStreamName: 'a', limit: 1 };
    const messages = (page: { events?: { message?: string }[] }) => page.events?.map(({ message }) => message);

    const latest = await cloud.call('logs', 'GetLogEvents', at);
    expect(messages(latest)).toEqual(['third line']);
    const before = await cloud.call('logs', 'GetLogEvents', { ...at, nextToken: latest.nextBackwardToken });
    expect(messages(before)).toEqual(['first ERROR line']);
    const end = await cloud.call('logs', 'GetLogEvents', { ...at, nextToken: latest.nextForwardToken });
    expect(messages(end)).toEqual([]);
    expect(end.nextForwardToken).toBe(latest.nextForwardToken);
  });

  it('rejects what is too old or too new, and keeps the rest', async () => {
    const answer = await put('b', [-8 * DAY_MS, 'expired'], [0, 'kept'], [3 * 3_600_000, 'from the future']);

    expect(answer.rejectedLogEventsInfo).toEqual({ expiredLogEventEndIndex: 1, tooNewLogEventStartIndex: 2 });
    expect(await filter('kept')).toEqual(['kept']);
    expect(await filter('expired')).toEqual([]);
    await expect(put('b', [1, 'later'], [0, 'earlier'])).rejects.toThrow('chronological order');
  });

  it('drops events when their retention is over', async () => {
    cloud.clock.advance(8 * DAY_MS);
    expect(await filter()).toEqual([]);
  });

  it('takes the streams with the group', async () => {
    await cloud.call('logs', 'DeleteLogGroup', { logGroupName: GROUP });
    await expect(put('a', [0, 'x'])).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    await cloud.call('logs', 'CreateLogGroup', { logGroupName: GROUP });
    expect(await filter()).toEqual([]);
  });
});
