import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteStore, type InputOf } from '@outbox/local-cloud-kernel';
import { specCloud } from '../testing/spec-cloud';

const GROUP = '/outbox/validated';
const ARN = `arn:aws:logs:us-east-1:000000000000:log-group:${GROUP}`;
const HOUR_MS = 3_600_000;

describe('CloudWatch Logs, by its API reference', () => {
  const directory = mkdtempSync(join(tmpdir(), 'logs-validation-'));
  const cloud = specCloud(new SqliteStore(':memory:'), directory);
  const now = cloud.clock.now();
  const invalid = { code: 'InvalidParameterException' };
  const missing = { code: 'ResourceNotFoundException' };
  const put = (...events: readonly { timestamp: number; message: string }[]) =>
    cloud.call('logs', 'PutLogEvents', { logGroupName: GROUP, logStreamName: 'a', logEvents: [...events] });
  const filter = async (input: Omit<InputOf<'logs', 'FilterLogEvents'>, 'logGroupName'>) => {
    const answer = await cloud.call('logs', 'FilterLogEvents', {
      ...(input.logGroupIdentifier ? {} : { logGroupName: GROUP }),
      ...input,
    });
    return { ...answer, messages: answer.events?.map(({ message }) => message) };
  };

  beforeAll(async () => {
    await cloud.call('logs', 'CreateLogGroup', { logGroupName: GROUP });
    await cloud.call('logs', 'CreateLogStream', { logGroupName: GROUP, logStreamName: 'a' });
    await put(...[1, 2, 3].map((at) => ({ timestamp: now + at, message: `line ${at}` })));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it.each([
    ['no events', []],
    ['an event without text', [{ timestamp: now, message: '' }]],
    ['a time before 1970', [{ timestamp: -1, message: 'x' }]],
    [
      'valid events over more than a day',
      [
        { timestamp: now - 25 * HOUR_MS, message: 'x' },
        { timestamp: now, message: 'y' },
      ],
    ],
  ])('a batch of %s is refused', async (_, events) => {
    await expect(put(...events)).rejects.toMatchObject(invalid);
  });

  it('searches up to and with endTime; reads up to it', async () => {
    const span = { startTime: now + 1, endTime: now + 2 };
    expect((await filter(span)).messages).toEqual(['line 1', 'line 2']);
    const read = await cloud.call('logs', 'GetLogEvents', { logGroupName: GROUP, logStreamName: 'a', ...span });
    expect(read.events?.map(({ message }) => message)).toEqual(['line 1']);
  });

  it('searches from the latest event on where it is told so, over pages', async () => {
    const first = await filter({ startFromHead: false, startTime: now, limit: 2 });
    expect(first.messages).toEqual(['line 3', 'line 2']);
    const rest = await filter({ startTime: now, limit: 2, nextToken: first.nextToken });
    expect(rest).toMatchObject({ messages: ['line 1'], nextToken: undefined });
    await expect(filter({ startFromHead: false })).rejects.toMatchObject(invalid);
  });

  it('finds a group by its identifier, its name or ARN, and no other account’s', async () => {
    for (const logGroupIdentifier of [GROUP, ARN]) {
      expect((await filter({ logGroupIdentifier })).messages).toHaveLength(3);
      const { logStreams } = await cloud.call('logs', 'DescribeLogStreams', { logGroupIdentifier });
      expect(logStreams).toEqual([expect.objectContaining({ logStreamName: 'a', storedBytes: 0 })]);
      const { logGroups } = await cloud.call('logs', 'DescribeLogGroups', {
        logGroupIdentifiers: [logGroupIdentifier, '/outbox/other'],
      });
      expect(logGroups).toHaveLength(1);
    }
    await expect(filter({ logGroupIdentifier: ARN.replace('000000000000', '111111111111') })).rejects.toMatchObject(
      missing,
    );
    await expect(
      cloud.call('logs', 'FilterLogEvents', { logGroupName: GROUP, logGroupIdentifier: ARN }),
    ).rejects.toMatchObject(invalid);
  });

  it.each<[string, Parameters<typeof filter>[0], object]>([
    ['streams by name and by prefix', { logStreamNames: ['a'], logStreamNamePrefix: 'a' }, invalid],
    ['a stream there is not', { logStreamNames: ['b'] }, missing],
    ['no events', { limit: 0 }, invalid],
    ['too many events', { limit: 10_001 }, invalid],
    ['a page no answer told of', { nextToken: 'next' }, invalid],
    ['too long a pattern', { filterPattern: 'x'.repeat(1025) }, invalid],
  ])('a search for %s is refused', async (_, input, expected) => {
    await expect(filter(input)).rejects.toMatchObject(expected);
  });

  it('refuses lists of more than 50 and pages no answer told of', async () => {
    await expect(cloud.call('logs', 'DescribeLogGroups', { limit: 51 })).rejects.toMatchObject(invalid);
    await expect(cloud.call('logs', 'DescribeLogGroups', { nextToken: 'next' })).rejects.toMatchObject(invalid);
  });

  it('refuses names of AWS, and tags of what is no log group', async () => {
    await expect(cloud.call('logs', 'CreateLogGroup', { logGroupName: 'aws/mine' })).rejects.toMatchObject(invalid);
    await expect(cloud.call('logs', 'ListTagsForResource', { resourceArn: 'no-arn' })).rejects.toMatchObject(invalid);
  });

  it('keeps ten resource policies, and no more', async () => {
    const save = (policyName: string) =>
      cloud.call('logs', 'PutResourcePolicy', {
        policyName,
        policyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [] }),
      });
    for (let index = 0; index < 10; index += 1) await save(`policy-${index}`);
    await save('policy-9');
    await expect(save('policy-10')).rejects.toMatchObject({ code: 'LimitExceededException' });
    const { resourcePolicies, nextToken } = await cloud.call('logs', 'DescribeResourcePolicies', { limit: 3 });
    expect([resourcePolicies?.length, nextToken]).toEqual([3, '3']);
  });
});
