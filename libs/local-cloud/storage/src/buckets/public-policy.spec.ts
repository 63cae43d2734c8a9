import { isPublicPolicy } from './public-policy';

const statement = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' };

it.each<[boolean, string, object]>([
  [true, 'everybody', {}],
  [true, 'everybody by another spelling', { Principal: { AWS: ['*'] } }],
  [false, 'an account', { Principal: { AWS: '000000000000' } }],
  [false, 'nobody', { Effect: 'Deny' }],
  [false, 'an account by a condition', { Condition: { StringEquals: { 'aws:SourceAccount': '000000000000' } } }],
  [true, 'everybody by a pattern', { Condition: { StringLike: { 'aws:SourceAccount': '*' } } }],
  [true, 'everybody who says so', { Condition: { StringEquals: { 'aws:UserAgent': 'me' } } }],
])('it is %s that a policy is public which allows %s', (expected, _, change) => {
  expect(isPublicPolicy(JSON.stringify({ Version: '2012-10-17', Statement: { ...statement, ...change } }))).toBe(
    expected,
  );
});
