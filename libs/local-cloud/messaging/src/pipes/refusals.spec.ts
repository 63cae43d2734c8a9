import type { CreatePipeRequest } from '@aws-sdk/client-pipes';
import { ACCOUNT, REGION, startSpecEngine, type SpecEngine } from '../testing/spec-engine';

const pipeArn = `arn:aws:pipes:${REGION}:${ACCOUNT}:pipe/outbox`;

describe('what Pipes refuses, in its words', () => {
  let engine: SpecEngine;
  const DynamoDBStreamParameters = { StartingPosition: 'LATEST' } as const;
  const create = (input: Partial<CreatePipeRequest>) =>
    engine.call('pipes', 'CreatePipe', {
      Name: 'new',
      RoleArn: `arn:aws:iam::${ACCOUNT}:role/pipe`,
      Source: `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/orders/stream/2026-01-01T00:00:00.000`,
      SourceParameters: { DynamoDBStreamParameters },
      Target: `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/orders`,
      DesiredState: 'STOPPED',
      ...input,
    });

  beforeAll(async () => {
    engine = await startSpecEngine();
    await create({ Name: 'outbox' });
  });
  afterAll(() => engine.stop());

  it.each<[string, () => Promise<unknown>, string]>([
    ['a name with a space', () => create({ Name: 'a b' }), "Value 'a b' at 'name' failed to satisfy constraint"],
    ['a long description', () => create({ Description: 'd'.repeat(513) }), "at 'description'"],
    [
      'the same in an update',
      () => engine.call('pipes', 'UpdatePipe', { Name: 'outbox', RoleArn: '', Description: 'd'.repeat(513) }),
      "at 'description'",
    ],
    ['a page of 0', () => engine.call('pipes', 'ListPipes', { Limit: 0 }), "Value '0' at 'limit'"],
    ['a page of 101', () => engine.call('pipes', 'ListPipes', { Limit: 101 }), "Value '101' at 'limit'"],
    [
      'a page after a token it never gave',
      () => engine.call('pipes', 'ListPipes', { NextToken: 'bogus' }),
      'The pagination token is not valid.',
    ],
    [
      'a tag that AWS keeps',
      () => engine.call('pipes', 'TagResource', { resourceArn: pipeArn, tags: { 'aws:a': '' } }),
      'must not start with "aws:"',
    ],
    [
      '51 tags',
      () => create({ Tags: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, ''])) }),
      "at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50",
    ],
  ])('%s', async (_, call, message) => {
    await expect(call()).rejects.toMatchObject({
      code: 'ValidationException',
      message: expect.stringContaining(message),
    });
  });
});
