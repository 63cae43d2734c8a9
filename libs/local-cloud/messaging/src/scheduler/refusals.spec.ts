import { ACCOUNT, REGION, startSpecEngine, type SpecEngine } from '../testing/spec-engine';
import type { InputOf } from '@outbox/local-cloud-kernel';

type Settings = InputOf<'scheduler', 'CreateSchedule'>;

const target = { Arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:work`, RoleArn: `arn:aws:iam::${ACCOUNT}:role/schedule` };
const bus = { ...target, Arn: `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/orders` };
const groupArn = `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule-group/outbox`;

describe('what Scheduler refuses, in its words', () => {
  let engine: SpecEngine;

  beforeAll(async () => {
    engine = await startSpecEngine();
    await engine.call('scheduler', 'CreateScheduleGroup', { Name: 'outbox', ClientToken: 'first' });
  });
  afterAll(() => engine.stop());

  const create = (input: Partial<Settings>) =>
    engine.call('scheduler', 'CreateSchedule', {
      Name: 'sweep',
      ScheduleExpression: 'rate(1 day)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: target,
      ...input,
    });

  it.each<[string, Partial<Settings>, string]>([
    [
      'a name with a space',
      { Name: 'a b' },
      "1 validation error detected: Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [0-9a-zA-Z-_.]+",
    ],
    ['a long name', { Name: 'n'.repeat(65) }, 'Member must have length less than or equal to 64'],
    ['a group with a slash', { GroupName: 'a/b' }, "Value 'a/b' at 'groupName'"],
    ['a long description', { Description: 'd'.repeat(513) }, "at 'description'"],
    ['a client token with a dot', { ClientToken: 'a.b' }, "Value 'a.b' at 'clientToken'"],
    ['a key that is no ARN', { KmsKeyArn: 'alias/own' }, "Value 'alias/own' at 'kmsKeyArn'"],
    ['a role that is no ARN', { Target: { ...target, RoleArn: 'role' } }, "Value 'role' at 'target.roleArn'"],
    [
      'an empty input',
      { Target: { ...target, Input: '' } },
      "at 'target.input' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      'events under a source of AWS’s',
      { Target: { ...bus, EventBridgeParameters: { DetailType: 't', Source: 'aws.orders' } } },
      "Value 'aws.orders' at 'target.eventBridgeParameters.source'",
    ],
    [
      'events of a long type',
      { Target: { ...bus, EventBridgeParameters: { DetailType: 't'.repeat(129), Source: 's' } } },
      "at 'target.eventBridgeParameters.detailType'",
    ],
  ])('%s', async (_, input, message) => {
    await expect(create(input)).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining(message),
    });
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['a name when it is asked for', () => engine.call('scheduler', 'GetSchedule', { Name: 'a b' }), "at 'name'"],
    ['a group’s name', () => engine.call('scheduler', 'CreateScheduleGroup', { Name: 'a b' }), "at 'name'"],
    ['a page of 101', () => engine.call('scheduler', 'ListSchedules', { MaxResults: 101 }), "at 'maxResults'"],
    ['a page of 0', () => engine.call('scheduler', 'ListScheduleGroups', { MaxResults: 0 }), "at 'maxResults'"],
    [
      'a page after a token it never gave',
      () => engine.call('scheduler', 'ListSchedules', { NextToken: 'bogus' }),
      'The pagination token is not valid.',
    ],
    [
      'tags of a schedule',
      () =>
        engine.call('scheduler', 'ListTagsForResource', {
          ResourceArn: `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/outbox/sweep`,
        }),
      "at 'resourceArn'",
    ],
    [
      'a tag without a value',
      () => engine.call('scheduler', 'TagResource', { ResourceArn: groupArn, Tags: [{ Key: 'k', Value: '' }] }),
      "at 'tags.1.member.value'",
    ],
    [
      'the 51st tag',
      () =>
        engine.call('scheduler', 'TagResource', {
          ResourceArn: groupArn,
          Tags: Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: 'v' })),
        }),
      'at most 50 tags',
    ],
  ])('%s', async (_, call, message) => {
    await expect(call()).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining(message),
    });
  });

  it('a group of a name in use, unless the request is the same', async () => {
    const again = (ClientToken: string) =>
      engine.call('scheduler', 'CreateScheduleGroup', { Name: 'outbox', ClientToken });
    expect(await again('first')).toEqual({ ScheduleGroupArn: groupArn });
    await expect(again('second')).rejects.toMatchObject({ code: 'ConflictException' });
  });

  it('tags of a group of another region', async () => {
    const ResourceArn = groupArn.replace(REGION, 'eu-west-1');
    await expect(engine.call('scheduler', 'ListTagsForResource', { ResourceArn })).rejects.toMatchObject({
      code: 'ResourceNotFoundException',
    });
  });

  it('no rate whose unit does not agree with its value', async () => {
    await create({ Name: 'hourly', ScheduleExpression: 'rate(1 hours)' });
    expect(await engine.call('scheduler', 'GetSchedule', { Name: 'hourly' })).toMatchObject({
      ScheduleExpression: 'rate(1 hours)',
    });
  });
});
