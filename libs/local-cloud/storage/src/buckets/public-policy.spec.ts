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
  [true, 'everybody but some', { Principal: undefined, NotPrincipal: { AWS: '000000000000' } }],
  [true, 'everybody of some organization', { Condition: { Null: { 'aws:PrincipalOrgID': 'false' } } }],
  [true, 'every source', { Condition: { ArnLike: { 'aws:SourceArn': '*' } } }],
  [true, 'sources of every account', { Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:*' } } }],
  [false, 'sources of an account', { Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:000000000000:*' } } }],
  [false, 'a bucket as source', { Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::logged' } } }],
  [true, 'every address', { Condition: { IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } } }],
  [false, 'some addresses', { Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } }],
])('it is %s that a policy is public which allows %s', (expected, _, change) => {
  expect(isPublicPolicy(JSON.stringify({ Version: '2012-10-17', Statement: { ...statement, ...change } }))).toBe(
    expected,
  );
});
