import type { Target } from '@aws-sdk/client-eventbridge';
import { ACCOUNT, REGION, startSpecEngine, type SpecEngine } from '../testing/spec-engine';

const queueArn = `arn:aws:sqs:${REGION}:${ACCOUNT}:work`;
const busArn = `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/orders`;
const archiveArn = `arn:aws:events:${REGION}:${ACCOUNT}:archive/all`;

describe('what EventBridge refuses, in its words', () => {
  let engine: SpecEngine;

  beforeAll(async () => {
    engine = await startSpecEngine();
    await engine.call('events', 'CreateEventBus', { Name: 'orders' });
    await engine.call('events', 'PutRule', { Name: 'rule', EventPattern: '{"source":["orders"]}' });
    await engine.call('events', 'CreateArchive', { ArchiveName: 'all', EventSourceArn: busArn });
  });
  afterAll(() => engine.stop());

  const target = (overrides: Partial<Target>) =>
    engine.call('events', 'PutTargets', { Rule: 'rule', Targets: [{ Id: 'id', Arn: queueArn, ...overrides }] });
  const permit = (input: object) =>
    engine.call('events', 'PutPermission', {
      Action: 'events:PutEvents',
      Principal: ACCOUNT,
      StatementId: 'statement',
      ...input,
    });
  const replay = (input: object) =>
    engine.call('events', 'StartReplay', {
      ReplayName: 'again',
      EventSourceArn: archiveArn,
      EventStartTime: new Date(0),
      EventEndTime: new Date(1000),
      Destination: { Arn: busArn },
      ...input,
    });
  const events = (count: number, Detail = '{}') =>
    engine.call('events', 'PutEvents', {
      Entries: Array.from({ length: count }, () => ({ Source: 's', DetailType: 't', Detail })),
    });

  it.each<[string, () => Promise<unknown>, string]>([
    [
      'a bus with a slash',
      () => engine.call('events', 'CreateEventBus', { Name: 'a/b' }),
      "Event bus name must not contain '/'.",
    ],
    [
      'a target’s id with a space',
      () => target({ Id: 'a b' }),
      "1 validation error detected: Value 'a b' at 'targets.1.member.id' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+",
    ],
    ['a target’s long id', () => target({ Id: 'i'.repeat(65) }), 'Member must have length less than or equal to 64'],
    [
      'a FIFO queue without a message group',
      () => target({ Arn: `${queueArn}.fifo` }),
      'Parameter(s) SqsParameters must be specified for target: id.',
    ],
    [
      'an ARN that is none',
      () => target({ Arn: 'queue' }),
      'Parameter queue is not valid. Reason: Provided Arn is not in correct format.',
    ],
    [
      'two kinds of input',
      () => target({ Input: '{}', InputPath: '$.detail' }),
      'Only one of Input, InputPath, or InputTransformer',
    ],
    ['an input that is no JSON', () => target({ Input: '{' }), 'JSON syntax error in input for target id'],
    [
      'a FIFO queue for dead letters',
      () => target({ DeadLetterConfig: { Arn: `${queueArn}.fifo` } }),
      'Parameter DeadLetterConfig.Arn is not valid.',
    ],
    [
      'a variable with a dot',
      () => target({ InputTransformer: { InputPathsMap: { 'a.b': '$.id' }, InputTemplate: '<a.b>' } }),
      "Value 'a.b' at 'targets.1.member.inputTransformer.inputPathsMap'",
    ],
    [
      'a long template',
      () => target({ InputTransformer: { InputTemplate: 't'.repeat(8193) } }),
      "at 'targets.1.member.inputTransformer.inputTemplate'",
    ],
    [
      'a placeholder nobody fills',
      () => target({ InputTransformer: { InputPathsMap: { a: '$.id' }, InputTemplate: '{"a":<a>,"b":<b>}' } }),
      'InputTemplate for target id contains invalid placeholder b.',
    ],
    [
      'a bus that is neither name nor ARN',
      () => engine.call('events', 'DescribeRule', { Name: 'rule', EventBusName: 'no bus' }),
      "Value 'no bus' at 'eventBusName' failed to satisfy constraint: Member must satisfy regular expression pattern: (arn:aws",
    ],
    [
      'an event’s bus that is neither',
      () =>
        engine.call('events', 'PutEvents', {
          Entries: [{ Source: 's', DetailType: 't', Detail: '{}', EventBusName: 'no bus' }],
        }),
      "Value 'no bus' at 'entries.1.member.eventBusName'",
    ],
    [
      'an event’s long resource',
      () =>
        engine.call('events', 'PutEvents', {
          Entries: [{ Source: 's', DetailType: 't', Detail: '{}', Resources: ['r', 'r'.repeat(2049)] }],
        }),
      "at 'entries.1.member.resources.2.member' failed to satisfy constraint: Member must have length less than or equal to 2048",
    ],
    [
      'a long description of a rule',
      () =>
        engine.call('events', 'PutRule', { Name: 'new', EventPattern: '{"a":["b"]}', Description: 'd'.repeat(513) }),
      "at 'description' failed to satisfy constraint: Member must have length less than or equal to 512",
    ],
    [
      'a long description of a bus',
      () => engine.call('events', 'UpdateEventBus', { Name: 'orders', Description: 'd'.repeat(513) }),
      "at 'description'",
    ],
    [
      'the ARN of a bus for its name',
      () => engine.call('events', 'DeleteEventBus', { Name: busArn }),
      `Value '${busArn}' at 'name'`,
    ],
    [
      'an archive of what is no ARN',
      () => engine.call('events', 'CreateArchive', { ArchiveName: 'new', EventSourceArn: 'orders' }),
      "Value 'orders' at 'eventSourceArn'",
    ],
    [
      'a negative retention',
      () => engine.call('events', 'UpdateArchive', { ArchiveName: 'all', RetentionDays: -1 }),
      "Value '-1' at 'retentionDays' failed to satisfy constraint: Member must have value greater than or equal to 0",
    ],
    [
      // Before the archive is looked up; recorded on AWS by LocalStack's test_archive_and_replay.
      'an archive changed in nothing',
      () => engine.call('events', 'UpdateArchive', { ArchiveName: 'none' }),
      'At least one of EventPattern, RetentionDays or Description must be provided.',
    ],
    [
      'archives by two filters',
      () => engine.call('events', 'ListArchives', { NamePrefix: 'a', EventSourceArn: busArn }),
      'At most one filter is allowed for ListArchives.',
    ],
    [
      'replays by two filters',
      () => engine.call('events', 'ListReplays', { NamePrefix: 'a', State: 'COMPLETED' }),
      'At most one filter is allowed for ListReplays.',
    ],
    [
      'a page after a token it never gave',
      () => engine.call('events', 'ListRules', { NextToken: 'bogus' }),
      'The pagination token is not valid.',
    ],
    [
      'no targets to remove',
      () => engine.call('events', 'RemoveTargets', { Rule: 'rule', Ids: [] }),
      "at 'ids' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      'a condition on anything else',
      () => permit({ Condition: { Type: 'StringLike', Key: 'k', Value: 'v' } }),
      "'type'",
    ],
    ['a statement’s id with a dot', () => permit({ StatementId: 'a.b' }), "Value 'a.b' at 'statementId'"],
    [
      'a tag that AWS keeps',
      () => engine.call('events', 'TagResource', { ResourceARN: busArn, Tags: [{ Key: 'aws:a', Value: '' }] }),
      'must not start with "aws:"',
    ],
    [
      'the 51st tag',
      () =>
        engine.call('events', 'TagResource', {
          ResourceARN: busArn,
          Tags: Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: '' })),
        }),
      'at most 50 tags',
    ],
    ['too many retries', () => target({ RetryPolicy: { MaximumRetryAttempts: 186 } }), 'less than or equal to 185'],
    ['a page of 101', () => engine.call('events', 'ListRules', { Limit: 101 }), 'less than or equal to 100'],
    ['a page of 0', () => engine.call('events', 'ListArchives', { Limit: 0 }), 'greater than or equal to 1'],
    [
      'another action on a bus',
      () => permit({ Action: 'events:PutRule' }),
      "Provided value in parameter 'action' is not supported.",
    ],
    ['a principal that is no account', () => permit({ Principal: 'alice' }), "Value 'alice' at 'principal'"],
    [
      'a replay of what is no archive',
      () => replay({ EventSourceArn: busArn }),
      'Parameter EventSourceArn is not valid. Reason: Must contain an archive ARN.',
    ],
    [
      'a replay to what is no bus',
      () => replay({ Destination: { Arn: archiveArn } }),
      'Parameter Destination.Arn is not valid. Reason: Must contain an event bus ARN.',
    ],
    [
      'a replay that ends before it starts',
      () => replay({ EventStartTime: new Date(2000) }),
      'Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.',
    ],
    [
      'eleven events',
      () => events(11),
      "at 'entries' failed to satisfy constraint: Member must have length less than or equal to 10",
    ],
    [
      'more than a megabyte of events',
      () => events(2, `{"x":"${'x'.repeat(600_000)}"}`),
      'Total size of the entries in the request is over the limit.',
    ],
  ])('%s', async (_, call, message) => {
    await expect(call()).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining(message),
    });
  });

  it('a policy of more than 10 KB', async () => {
    const statement = {
      Effect: 'Allow',
      Principal: '*',
      Action: 'events:PutEvents',
      Resource: busArn,
      Sid: 's'.repeat(10_240),
    };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await expect(engine.call('events', 'PutPermission', { EventBusName: 'orders', Policy })).rejects.toMatchObject({
      code: 'PolicyLengthExceededException',
    });
  });

  it.each<[string, () => Promise<unknown>, string]>([
    [
      'a rule of a bus that does not exist',
      () => engine.call('events', 'DisableRule', { Name: 'rule', EventBusName: 'none' }),
      'Event bus none does not exist.',
    ],
    // Recorded on AWS by LocalStack's test_archive_and_replay.
    [
      'a replay to a bus that does not exist',
      () => replay({ Destination: { Arn: busArn.replace('orders', 'none') } }),
      'Event bus none does not exist.',
    ],
    [
      'archives of a bus that does not exist',
      () => engine.call('events', 'ListArchives', { EventSourceArn: busArn.replace('orders', 'none') }),
      'Event bus none does not exist.',
    ],
    [
      'a bus of another region',
      () => engine.call('events', 'DescribeEventBus', { Name: busArn.replace(REGION, 'eu-west-1') }),
      'Event bus orders does not exist.',
    ],
    [
      'tags of a rule that does not exist',
      () =>
        engine.call('events', 'ListTagsForResource', {
          ResourceARN: `arn:aws:events:${REGION}:${ACCOUNT}:rule/orders/none`,
        }),
      'Rule none does not exist on EventBus orders.',
    ],
    [
      'tags of a bus that does not exist',
      () =>
        engine.call('events', 'TagResource', {
          ResourceARN: `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/none`,
          Tags: [],
        }),
      'Event bus none does not exist.',
    ],
  ])('%s', async (_, call, message) => {
    await expect(call()).rejects.toMatchObject({ code: 'ResourceNotFoundException', message });
  });

  it('no tags of the default bus', async () => {
    const ResourceARN = `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/default`;
    expect(await engine.call('events', 'ListTagsForResource', { ResourceARN })).toEqual({ Tags: [] });
    const Tags = [{ Key: 'team', Value: 'orders' }];
    await engine.call('events', 'TagResource', { ResourceARN, Tags });
    expect(await engine.call('events', 'ListTagsForResource', { ResourceARN })).toEqual({ Tags });
  });

  it('a sixth target of a rule', async () => {
    const Targets = Array.from({ length: 6 }, (_, index) => ({ Id: `${index}`, Arn: queueArn }));
    await expect(engine.call('events', 'PutTargets', { Rule: 'rule', Targets })).rejects.toMatchObject({
      code: 'LimitExceededException',
      message: 'The requested resource exceeds the maximum number allowed.',
    });
  });

  it.each([['Kinesis', 'arn:aws:kinesis:us-east-1:000000000000:stream/s']])(
    'targets it does not run, by name: %s',
    async (_, Arn) => {
      await expect(target({ Arn })).rejects.toMatchObject({ code: 'UnsupportedOperation' });
    },
  );

  it('single entries of PutEvents, not the others', async () => {
    const whole = { Source: 's', DetailType: 't', Detail: '{}' };
    const { FailedEntryCount, Entries } = await engine.call('events', 'PutEvents', {
      Entries: [
        whole,
        { ...whole, Source: undefined },
        { ...whole, DetailType: '' },
        { ...whole, Detail: '[]' },
        { ...whole, Detail: '{' },
        { ...whole, Source: 'aws.ec2' },
        { ...whole, DetailType: 't'.repeat(129) },
      ],
    });
    expect(FailedEntryCount).toBe(6);
    expect(Entries?.map(({ ErrorCode, ErrorMessage }) => [ErrorCode, ErrorMessage])).toEqual([
      [undefined, undefined],
      ['InvalidArgument', 'Parameter Source is not valid. Reason: Source is a required argument.'],
      ['InvalidArgument', 'Parameter DetailType is not valid. Reason: DetailType is a required argument.'],
      ['MalformedDetail', 'Detail is malformed.'],
      ['MalformedDetail', 'Detail is malformed.'],
      ['NotAuthorizedForSourceException', 'Not authorized for the source.'],
      ['InvalidArgument', expect.stringContaining('DetailType has at most 128 characters')],
    ]);
  });

  it('nothing of a target’s message group: its messages carry it', async () => {
    await engine.call('sqs', 'CreateQueue', { QueueName: 'work' });
    await target({ SqsParameters: { MessageGroupId: 'orders' } });
    await engine.call('events', 'PutEvents', { Entries: [{ Source: 'orders', DetailType: 't', Detail: '{}' }] });
    const QueueUrl = `http://127.0.0.1:4566/${ACCOUNT}/work`;
    const { Messages } = await engine.call('sqs', 'ReceiveMessage', {
      QueueUrl,
      WaitTimeSeconds: 20,
      MessageSystemAttributeNames: ['MessageGroupId'],
    });
    expect(Messages?.[0]?.Attributes).toEqual({ MessageGroupId: 'orders' });
  });
});
