import { actionsOf, policyFor, policyOf } from './policy.ts';

const place = { account: '000000000000', region: 'us-east-1', prefix: 'outbox' };
const allow = (action: string, resource: string) => policyOf([{ action, resource }], place).Statement[0]?.Resource;

describe('the policy of what was used', () => {
  it.each([
    ['sqs:CreateQueue', 'arn:aws:sqs:us-east-1:000000000000:outbox-a-dlq', 'arn:aws:sqs:REGION:ACCOUNT:PREFIX*'],
    ['iam:PassRole', 'arn:aws:iam::000000000000:role/outbox-pipe', 'arn:aws:iam::ACCOUNT:role/PREFIX*'],
    [
      'events:PutRule',
      'arn:aws:events:us-east-1:000000000000:rule/outbox-events/outbox-a',
      'arn:aws:events:REGION:ACCOUNT:rule/PREFIX*',
    ],
    [
      'logs:CreateLogGroup',
      'arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/outbox-a',
      'arn:aws:logs:REGION:ACCOUNT:log-group:/aws/lambda/PREFIX*',
    ],
    ['apigateway:POST', 'arn:aws:apigateway:us-east-1::/apis', 'arn:aws:apigateway:REGION::/apis'],
    ['apigateway:GET', 'arn:aws:apigateway:us-east-1::/apis/a1b2/routes/x', 'arn:aws:apigateway:REGION::/apis/*'],
    ['kms:PutKeyPolicy', 'arn:aws:kms:us-east-1:000000000000:key/6c1f', 'arn:aws:kms:REGION:ACCOUNT:key/*'],
    [
      'lambda:GetEventSourceMapping',
      'arn:aws:lambda:us-east-1:000000000000:event-source-mapping:6c1f',
      'arn:aws:lambda:REGION:ACCOUNT:event-source-mapping:*',
    ],
    ['kms:CreateKey', '*', '*'],
  ])('has for %s on %s %s', (action, resource, pattern) => {
    expect(allow(action, resource)).toEqual([pattern]);
  });

  it('says what has the same resources in one statement, a service at a time', () => {
    const queue = 'arn:aws:sqs:us-east-1:000000000000:outbox';
    const uses = [
      { action: 'sqs:TagQueue', resource: `${queue}-b` },
      { action: 'sqs:CreateQueue', resource: `${queue}-a` },
      { action: 'kms:CreateKey', resource: '*' },
      { action: 'logs:DescribeLogGroups', resource: '*' },
    ];
    const document = policyOf(uses, place);
    expect(document.Statement).toEqual([
      { Sid: 'Kms1', Effect: 'Allow', Action: ['kms:CreateKey'], Resource: ['*'] },
      { Sid: 'Logs1', Effect: 'Allow', Action: ['logs:DescribeLogGroups'], Resource: ['*'] },
      {
        Sid: 'Sqs1',
        Effect: 'Allow',
        Action: ['sqs:CreateQueue', 'sqs:TagQueue'],
        Resource: ['arn:aws:sqs:REGION:ACCOUNT:PREFIX*'],
      },
    ]);
    expect(actionsOf(document)).toEqual(uses.map(({ action }) => action).sort());
    expect(policyFor(JSON.stringify(document), { ...place, prefix: 'mine' })).toContain(
      '"arn:aws:sqs:us-east-1:000000000000:mine*"',
    );
  });
});
