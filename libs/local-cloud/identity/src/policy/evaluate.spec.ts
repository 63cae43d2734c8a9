import type { Caller } from '@outbox/local-cloud-kernel';
import { parsePolicy, type PolicyKind } from './document';
import { evaluate } from './evaluate';
import { PolicySyntaxError } from './policy-syntax-error';

const role: Caller = {
  kind: 'role',
  accountId: '111122223333',
  arn: 'arn:aws:sts::111122223333:assumed-role/orders/session',
  userId: 'AROAEXAMPLE:session',
  roleArn: 'arn:aws:iam::111122223333:role/orders',
};
const root: Caller = { kind: 'root', accountId: '111122223333', arn: 'arn:aws:iam::111122223333:root', userId: '1' };
const events: Caller = {
  kind: 'service',
  accountId: '111122223333',
  arn: 'events.amazonaws.com',
  userId: 'events.amazonaws.com',
  service: 'events.amazonaws.com',
};
const QUEUE = 'arn:aws:sqs:us-east-1:111122223333:orders-queue';

/** allow | deny | account | none: what the one statement says. */
function verdict(
  statement: object,
  options: {
    kind?: PolicyKind;
    caller?: Caller;
    action?: string;
    resource?: string;
    keys?: Record<string, string[]>;
    version?: string;
  } = {},
): string {
  const text = JSON.stringify({ Version: options.version ?? '2012-10-17', Statement: statement });
  const keys = new Map(Object.entries(options.keys ?? {}).map(([key, values]) => [key.toLowerCase(), values]));
  const { deniedBy, allowed, accountAllowed } = evaluate([parsePolicy(text, options.kind ?? 'identity')], {
    caller: options.caller ?? role,
    action: options.action ?? 'sqs:SendMessage',
    resource: options.resource ?? QUEUE,
    keys,
  });
  return deniedBy ? 'deny' : allowed ? 'allow' : accountAllowed ? 'account' : 'none';
}

describe('statements', () => {
  it.each([
    ['an action without regard to case', { Action: 'SQS:sendmessage', Resource: '*' }, 'allow'],
    ['an action wildcard', { Action: ['sqs:Send*', 'sqs:Get?'], Resource: '*' }, 'allow'],
    ['another action', { Action: 'sqs:ReceiveMessage', Resource: '*' }, 'none'],
    ['everything but other actions', { NotAction: 'sqs:Delete*', Resource: '*' }, 'allow'],
    ['everything but this action', { NotAction: 'sqs:*', Resource: '*' }, 'none'],
    ['a resource with regard to case', { Action: '*', Resource: QUEUE.toUpperCase() }, 'none'],
    ['a resource wildcard', { Action: '*', Resource: 'arn:aws:sqs:*:*:orders-*' }, 'allow'],
    ['everything but this resource', { Action: '*', NotResource: QUEUE }, 'none'],
    ['a dot as a dot, not as any character', { Action: '*', Resource: 'arn:aws:sqs:us.east.1:*' }, 'none'],
    [
      'a policy variable',
      { Action: '*', Resource: 'arn:aws:sqs:us-east-1:${aws:PrincipalAccount}:orders-queue' },
      'allow',
    ],
    ['a variable without a value', { Action: '*', Resource: '${aws:username}*' }, 'none'],
    ['a variable with a default', { Action: '*', Resource: "${aws:username, 'arn:aws:sqs:us-east-1'}:*" }, 'allow'],
    [
      'a default with a comma in it',
      { Action: '*', Resource: '*', Condition: { StringEquals: { 'sqs:x': "${aws:username, 'a, b'}" } } },
      'allow',
    ],
  ])('match %s', (_, statement, expected) => {
    const keys = { 'aws:PrincipalAccount': ['111122223333'], 'sqs:x': ['a, b'] };
    expect(verdict({ Effect: 'Allow', ...statement }, { keys })).toBe(expected);
  });

  it('hold no variables before version 2012-10-17', () => {
    const statement = { Effect: 'Allow', Action: '*', Resource: '${aws:PrincipalAccount}' };
    const keys = { 'aws:PrincipalAccount': ['x'] };
    expect(verdict(statement, { keys, resource: 'x', version: '2012-10-17' })).toBe('allow');
    expect(verdict(statement, { keys, resource: 'x', version: '2008-10-17' })).toBe('none');
  });

  it.each(['StringEquals', 'StringLike', 'ArnLike'])('hold none in %s either before that version', (operator) => {
    const value = operator === 'ArnLike' ? 'arn:aws:sqs:us-east-1:1:${aws:userid}' : '${aws:userid}';
    const condition = { [operator]: { 'sqs:x': value } };
    const statement = { Effect: 'Allow', Action: '*', Resource: '*', Condition: condition };
    const replaced = { 'aws:userid': ['me'], 'sqs:x': [value.replace('${aws:userid}', 'me')] };
    expect(verdict(statement, { keys: replaced, version: '2012-10-17' })).toBe('allow');
    expect(verdict(statement, { keys: replaced, version: '2008-10-17' })).toBe('none');
    expect(verdict(statement, { keys: { ...replaced, 'sqs:x': [value] }, version: '2008-10-17' })).toBe('allow');
  });

  it('put a variable in literally, wildcards included', () => {
    const statement = { Effect: 'Allow', Action: '*', Resource: 'queue-${aws:PrincipalTag/team}' };
    const keys = { 'aws:PrincipalTag/team': ['*'] };
    expect(verdict(statement, { keys, resource: 'queue-payments' })).toBe('none');
    expect(verdict(statement, { keys, resource: 'queue-*' })).toBe('allow');
  });
});

describe('principals of resource policies', () => {
  it.each([
    ['everyone', '*', role, 'allow'],
    ['every AWS principal, services included', { AWS: '*' }, events, 'allow'],
    ['the role', { AWS: role.roleArn }, role, 'allow'],
    ['the session', { AWS: [role.arn] }, role, 'allow'],
    ['another role', { AWS: 'arn:aws:iam::111122223333:role/other' }, role, 'none'],
    ['the account by number, for a role', { AWS: '111122223333' }, role, 'account'],
    ['the account by ARN, for its root', { AWS: 'arn:aws:iam::111122223333:root' }, root, 'allow'],
    ['another account', { AWS: '444455556666' }, role, 'none'],
    ['the service', { Service: 'events.amazonaws.com' }, events, 'allow'],
    ['another service', { Service: ['sns.amazonaws.com'] }, events, 'none'],
    ['a service, for a role', { Service: 'events.amazonaws.com' }, role, 'none'],
  ])('name %s', (_, principal, caller, expected) => {
    const statement = { Effect: 'Allow', Principal: principal, Action: 'sqs:SendMessage', Resource: QUEUE };
    expect(verdict(statement, { kind: 'resource', caller })).toBe(expected);
  });

  it('deny a whole account when only the account is named', () => {
    const statement = { Effect: 'Deny', Principal: { AWS: '111122223333' }, Action: 'sqs:*', Resource: QUEUE };
    expect(verdict(statement, { kind: 'resource' })).toBe('deny');
  });

  it.each([
    ['its account and itself', [root.arn, role.roleArn], role, 'none'],
    ['its account and its session', [role.accountId, role.arn], role, 'none'],
    ['only itself', [role.roleArn], role, 'deny'],
    ['only its account', [root.arn], role, 'deny'],
    ['the account, for its root', [root.arn], root, 'none'],
    ['another role, for a service', [role.roleArn], events, 'deny'],
  ])('spare with NotPrincipal whom it lists: %s', (_, AWS, caller, expected) => {
    const statement = { Effect: 'Deny', NotPrincipal: { AWS }, Action: 'sqs:*', Resource: QUEUE };
    expect(verdict(statement, { kind: 'resource', caller })).toBe(expected);
  });
});

describe('conditions', () => {
  const keys = {
    'aws:SourceArn': ['arn:aws:events:us-east-1:111122223333:rule/bus/orders'],
    'aws:SourceAccount': ['111122223333'],
    'aws:SecureTransport': ['true'],
    'aws:SourceIp': ['10.1.2.3'],
    'aws:CurrentTime': ['2026-06-01T12:00:00Z'],
    'dynamodb:LeadingKeys': ['ORDER#1', 'ORDER#2'],
    'x:count': ['7'],
  };
  it.each([
    [{ StringEquals: { 'AWS:sourceaccount': ['1', '111122223333'] } }, true],
    [{ StringEquals: { 'aws:SourceAccount': '444455556666' } }, false],
    [{ StringNotEquals: { 'aws:SourceAccount': ['111122223333', '2'] } }, false],
    [{ StringNotEquals: { 'aws:Missing': 'x' } }, true],
    [{ StringEquals: { 'aws:Missing': 'x' } }, false],
    [{ StringEqualsIfExists: { 'aws:Missing': 'x' } }, true],
    [{ StringEqualsIfExists: { 'aws:SourceAccount': 'x' } }, false],
    [{ StringLike: { 'aws:SourceAccount': '1111*' } }, true],
    [{ StringEquals: { 'aws:SourceAccount': '1111*' } }, false],
    [{ StringEqualsIgnoreCase: { 'aws:SecureTransport': 'TRUE' } }, true],
    [{ ArnLike: { 'aws:SourceArn': 'arn:aws:events:*:111122223333:rule/*' } }, true],
    [{ ArnEquals: { 'aws:SourceArn': 'arn:aws:events:us-east-1:111122223333:rule/bus/orders' } }, true],
    [{ ArnLike: { 'aws:SourceArn': 'arn:aws:events:*:rule/*' } }, false],
    [{ ArnNotLike: { 'aws:SourceArn': 'arn:aws:events:us-west-2:*:rule/*' } }, true],
    [{ Bool: { 'aws:SecureTransport': 'false' } }, false],
    [{ Bool: { 'aws:SecureTransport': true } }, true],
    [{ IpAddress: { 'aws:SourceIp': ['192.168.0.0/16', '10.0.0.0/8'] } }, true],
    [{ NotIpAddress: { 'aws:SourceIp': '10.1.2.3' } }, false],
    [{ DateGreaterThan: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' } }, true],
    [{ DateLessThan: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' } }, false],
    [{ DateGreaterThan: { 'aws:CurrentTime': '2026-06-01T11:59:59' } }, true],
    [{ DateLessThan: { 'aws:CurrentTime': '2026-06-01T12:00:01' } }, true],
    [{ DateEquals: { 'aws:CurrentTime': '1780315200' } }, true],
    [{ IpAddress: { 'aws:SourceIp': '10.0.0.0/33' } }, false],
    [{ NotIpAddress: { 'aws:SourceIp': '10.0.0.0/x' } }, true],
    [{ IpAddress: { 'aws:SourceIp': '::/0' } }, false],
    [{ 'ForAnyValue:StringEqualsIfExists': { 'aws:Missing': ['x'] } }, true],
    [{ 'ForAllValues:StringNotEquals': { 'dynamodb:LeadingKeys': ['ORDER#1'] } }, false],
    [{ NumericNotEquals: { 'x:count': 8 } }, true],
    [{ NumericLessThanEquals: { 'x:count': 7 } }, true],
    [{ NumericGreaterThan: { 'x:count': '7' } }, false],
    [{ NumericEquals: { 'aws:SourceArn': '7' } }, false],
    [{ Null: { 'aws:Missing': 'true' } }, true],
    [{ Null: { 'aws:SourceAccount': 'true' } }, false],
    [{ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': 'ORDER#*' } }, true],
    [{ 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['ORDER#1'] } }, false],
    [{ 'ForAllValues:StringEquals': { 'aws:Missing': ['x'] } }, true],
    [{ 'ForAnyValue:StringEquals': { 'dynamodb:LeadingKeys': ['ORDER#1'] } }, true],
    [{ 'ForAnyValue:StringEquals': { 'aws:Missing': ['x'] } }, false],
    [{ 'ForAnyValue:StringNotEquals': { 'dynamodb:LeadingKeys': ['ORDER#1'] } }, true],
    [{ StringEquals: { 'aws:SourceAccount': '111122223333' }, Bool: { 'aws:SecureTransport': 'false' } }, false],
  ])('%j holds: %s', (condition, holds) => {
    const statement = { Effect: 'Allow', Action: '*', Resource: '*', Condition: condition };
    expect(verdict(statement, { keys })).toBe(holds ? 'allow' : 'none');
  });
});

describe('parsePolicy', () => {
  const allow = { Effect: 'Allow', Action: 'sqs:*', Resource: '*' };
  it.each([
    ['no JSON', '{', 'identity'],
    ['no statements', { Statement: [] }, 'identity'],
    ['an unknown element', { Statement: { ...allow, Resources: '*' } }, 'identity'],
    ['an unknown operator', { Statement: { ...allow, Condition: { StringSame: { a: 'b' } } } }, 'identity'],
    ['an unknown version', { Version: '2026-01-01', Statement: allow }, 'identity'],
    ['an action without a vendor', { Statement: { ...allow, Action: 'SendMessage' } }, 'identity'],
    ['an effect that is none', { Statement: { ...allow, Effect: 'allow' } }, 'identity'],
    ['Action beside NotAction', { Statement: { ...allow, NotAction: 'sqs:*' } }, 'identity'],
    ['an identity policy with a principal', { Statement: { ...allow, Principal: '*' } }, 'identity'],
    ['an identity policy without a resource', { Statement: { ...allow, Resource: undefined } }, 'identity'],
    ['a resource policy without a principal', { Statement: allow }, 'resource'],
    ['a trust policy with a resource', { Statement: { ...allow, Principal: '*' } }, 'trust'],
    ['a principal with a wildcard in it', { Statement: { ...allow, Principal: { AWS: 'arn:*' } } }, 'resource'],
  ] as const)('refuses %s', (_, document, kind) => {
    const text = typeof document === 'string' ? document : JSON.stringify(document);
    expect(() => parsePolicy(text, kind)).toThrow(PolicySyntaxError);
  });
});
