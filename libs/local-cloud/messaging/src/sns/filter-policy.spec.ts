import type { MessageAttributeValue } from '@aws-sdk/client-sns';
import { ACCOUNT, REGION, startSpecEngine, type SpecEngine } from '../testing/spec-engine';
import { checkFilterPolicy, filteredOut } from './filter-policy';
import type { StoredSubscription } from './topic-store';

const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:events`;

describe('a subscription with a filter policy', () => {
  let engine: SpecEngine;
  beforeEach(async () => {
    engine = await startSpecEngine();
    await engine.call('sns', 'CreateTopic', { Name: 'events' });
    await engine.call('sqs', 'CreateQueue', { QueueName: 'q' });
  });
  afterEach(() => engine.stop());

  const QueueUrl = `http://127.0.0.1:4566/${ACCOUNT}/q`;
  const subscribe = (Attributes: Record<string, string>) =>
    engine.call('sns', 'Subscribe', {
      TopicArn: TOPIC,
      Protocol: 'sqs',
      Endpoint: `arn:aws:sqs:${REGION}:${ACCOUNT}:q`,
      Attributes: { RawMessageDelivery: 'true', ...Attributes },
      ReturnSubscriptionArn: true,
    });
  const text = (StringValue: string): MessageAttributeValue => ({ DataType: 'String', StringValue });
  const publish = (Message: string, MessageAttributes: Record<string, MessageAttributeValue> = {}) =>
    engine.call('sns', 'Publish', { TopicArn: TOPIC, Message, MessageAttributes });
  const received = async () => {
    const { Messages = [] } = await engine.call('sqs', 'ReceiveMessage', {
      QueueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 1,
    });
    return Messages.map(({ Body }) => Body).sort();
  };
  const metrics = () => engine.metrics.samples.map(({ name }) => name).filter((name) => name.includes('FilteredOut-'));

  it('gets the messages whose attributes match, and reports the others', async () => {
    const { SubscriptionArn } = await subscribe({ FilterPolicy: '{"type":["Created",{"prefix":"Up"}]}' });
    const { Attributes } = await engine.call('sns', 'GetSubscriptionAttributes', { SubscriptionArn });
    expect(Attributes).toMatchObject({ FilterPolicyScope: 'MessageAttributes' });
    await publish('created', { type: text('Created') });
    await publish('updated', { type: text('Updated') });
    await publish('deleted', { type: text('Deleted') });
    await publish('none');
    expect(await received()).toEqual(['created', 'updated']);
    expect(metrics()).toEqual([
      'NumberOfNotificationsFilteredOut-MessageAttributes',
      'NumberOfNotificationsFilteredOut-NoMessageAttributes',
    ]);
  });

  it('looks at the body where its scope says so, as deep as it likes', async () => {
    await subscribe({ FilterPolicy: '{"order":{"total":[{"numeric":[">",10]}]}}', FilterPolicyScope: 'MessageBody' });
    await publish('{"order":{"total":11}}');
    await publish('{"order":{"total":9}}');
    await publish('no JSON');
    expect(await received()).toEqual(['{"order":{"total":11}}']);
    expect(metrics()).toEqual([
      'NumberOfNotificationsFilteredOut-MessageBody',
      'NumberOfNotificationsFilteredOut-InvalidMessageBody',
    ]);
  });

  it('changes and goes by SetSubscriptionAttributes', async () => {
    const { SubscriptionArn } = await subscribe({ FilterPolicy: '{"type":["a"]}' });
    const set = (AttributeName: string, AttributeValue: string) =>
      engine.call('sns', 'SetSubscriptionAttributes', { SubscriptionArn, AttributeName, AttributeValue });
    await set('FilterPolicyScope', 'MessageBody');
    await set('FilterPolicy', '{"a":{"b":["c"]}}');
    await expect(set('FilterPolicyScope', 'MessageAttributes')).rejects.toThrow(
      'does not support nested filter policy',
    );
    await publish('{"a":{"b":"c"}}');
    await publish('kept back');
    await set('FilterPolicy', '{}');
    await publish('all');
    expect(await received()).toEqual(['all', '{"a":{"b":"c"}}']);
  });

  const asked = (policy: object, attributes: Record<string, { Type: string; Value: string }>) =>
    filteredOut(
      { attributes: { FilterPolicy: JSON.stringify(policy) }, protocol: 'sqs' } as unknown as StoredSubscription,
      { id: '', topicArn: TOPIC, subject: undefined, texts: { default: '' }, attributes, publishedAt: 0 },
    ) === undefined;

  it.each<[object, Record<string, { Type: string; Value: string }>, boolean]>([
    [{ n: [{ numeric: ['>=', 5, '<', 10] }] }, { n: { Type: 'Number', Value: '5.0' } }, true],
    [{ n: [100] }, { n: { Type: 'Number', Value: '100' } }, true],
    [{ n: ['100'] }, { n: { Type: 'Number', Value: '100' } }, false],
    [{ s: ['b'] }, { s: { Type: 'String.Array', Value: '["a","b"]' } }, true],
    [{ s: ['a'] }, { s: { Type: 'String.Array', Value: 'a' } }, false],
    [{ s: [{ 'anything-but': ['a'] }] }, { s: { Type: 'String', Value: 'b' } }, true],
    [{ s: [{ 'anything-but': ['a'] }] }, {}, false],
    [{ s: [{ exists: false }] }, {}, true],
    [{ s: [{ exists: true }], t: ['x'] }, { s: { Type: 'String', Value: '' } }, false],
    [{ b: [{ exists: true }] }, { b: { Type: 'Binary', Value: 'AA==' } }, false],
    [{ $or: [{ a: ['1'] }, { b: ['2'] }] }, { b: { Type: 'String', Value: '2' } }, true],
    [{ ip: [{ cidr: '10.0.0.0/8' }] }, { ip: { Type: 'String', Value: '10.1.2.3' } }, true],
  ])('%j takes %j: %s', (policy, attributes, expected) => {
    expect(asked(policy, attributes)).toBe(expected);
  });

  it.each<[string, string, string]>([
    ['text', 'no', 'failed to parse JSON'],
    ['nested fields', '{"a":{"b":["c"]}}', 'does not support nested'],
    ['six keys', '{"a":["1"],"b":["1"],"c":["1"],"d":["1"],"e":["1"],"f":["1"]}', 'more than 5 keys'],
    ['a value that is no list', '{"a":"b"}', 'must be an object or an array'],
    ['too many combinations', JSON.stringify({ a: Array.from({ length: 151 }, (_, at) => at) }), 'too complex'],
    ['an operator of another service', '{"a":[{"regex":"x"}]}', 'Unrecognized match type regex'],
  ])('refuses %s', (_, FilterPolicy, problem) => {
    const check = () => checkFilterPolicy({ FilterPolicy });
    expect(check).toThrow(problem);
  });
});
