import { callerVia, SqliteStore, type Caller } from '@outbox/local-cloud-kernel';
import { specCloud } from '../testing/spec-cloud';

const ROLE = 'arn:aws:iam::000000000000:role/outbox-relay';
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:orders';
const LAMBDA = 'lambda.amazonaws.com';

describe('identity', () => {
  let store: SqliteStore;
  let cloud: ReturnType<typeof specCloud>;

  beforeEach(async () => {
    store = new SqliteStore(':memory:');
    cloud = specCloud(store);
    await createRole({ Service: LAMBDA });
  });

  const policy = (...statements: object[]): string => JSON.stringify({ Version: '2012-10-17', Statement: statements });
  const createRole = (principal: object, condition?: object): Promise<unknown> =>
    cloud.call('iam', 'CreateRole', {
      RoleName: 'outbox-relay',
      AssumeRolePolicyDocument: policy({
        Effect: 'Allow',
        Principal: principal,
        Action: 'sts:AssumeRole',
        Condition: condition,
      }),
    });
  const deleteRole = (): Promise<unknown> => cloud.call('iam', 'DeleteRole', { RoleName: 'outbox-relay' });
  const grant = (...statements: object[]): Promise<unknown> =>
    cloud.call('iam', 'PutRolePolicy', {
      RoleName: 'outbox-relay',
      PolicyName: 'p',
      PolicyDocument: policy(...statements),
    });
  const send = (caller: Caller, resourcePolicy?: string, service = 'events', resource = QUEUE): void =>
    cloud.identity.authorize(caller, [{ action: 'sqs:SendMessage', resource, resourcePolicy }], service, 'SendMessage');
  const everyone = { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: QUEUE };

  it('knows any account number as that account’s admin key', () => {
    expect(cloud.identity.resolve('123456789012')).toEqual({
      caller: {
        kind: 'root',
        accountId: '123456789012',
        arn: 'arn:aws:iam::123456789012:root',
        userId: '123456789012',
      },
      secretAccessKey: 'local',
    });
    expect(cloud.identity.resolve('AKIAIOSFODNN7EXAMPLE')).toBeUndefined();
  });

  it('denies a role what no policy allows, in AWS’s words', () => {
    const { caller } = cloud.identity.assumeRole(ROLE, LAMBDA, 'fn');

    expect(() => send(caller)).toThrow(
      expect.objectContaining({
        code: 'AccessDeniedException',
        queryCode: 'AccessDenied',
        status: 400,
        message:
          'User: arn:aws:sts::000000000000:assumed-role/outbox-relay/fn is not authorized to perform: sqs:SendMessage ' +
          `on resource: ${QUEUE} because no identity-based policy allows the sqs:SendMessage action`,
      }),
    );
    expect(() => send(caller, undefined, 'sqs')).toThrow('perform: sqs:sendmessage on resource');
  });

  it('allows a role what its own policy or the resource’s allows', async () => {
    const { caller } = cloud.identity.assumeRole(ROLE, LAMBDA, 'fn');
    expect(() => send(caller, policy(everyone))).not.toThrow();
    await grant({ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: QUEUE });
    expect(() => send(caller)).not.toThrow();
  });

  it('records what a role used and could not do without, across a restart, for as long as the role lives', async () => {
    const { caller } = cloud.identity.assumeRole(ROLE, LAMBDA, 'fn');
    expect(() => send(caller)).toThrow();
    await grant({ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: QUEUE });
    send(caller, policy(everyone));
    expect(cloud.identity.usage()).toEqual([]);

    send(caller);
    send(caller);
    const used = [{ roleArn: ROLE, action: 'sqs:SendMessage', resource: QUEUE }];
    expect(cloud.identity.usage()).toEqual(used);
    cloud = specCloud(store);
    expect(cloud.identity.usage()).toEqual(used);

    await cloud.call('iam', 'DeleteRolePolicy', { RoleName: 'outbox-relay', PolicyName: 'p' });
    await deleteRole();
    await createRole({ Service: LAMBDA });
    expect(cloud.identity.usage()).toEqual([]);
  });

  it('keeps what was denied, to whom and by which statement, once however often it was', async () => {
    const { caller } = cloud.identity.assumeRole(ROLE, LAMBDA, 'fn');
    expect(() => send(caller)).toThrow();
    await grant({ Sid: 'Never', Effect: 'Deny', Action: 'sqs:*', Resource: '*' });
    for (let times = 0; times < 2; times += 1) expect(() => send(caller, policy(everyone))).toThrow();
    expect(cloud.identity.denials()).toMatchObject([
      {
        principal: ROLE,
        action: 'sqs:SendMessage',
        resource: QUEUE,
        message: expect.stringMatching(/with an explicit deny in an identity-based policy$/) as unknown,
        statement: 'Never',
        count: 2,
      },
      { principal: ROLE, action: 'sqs:SendMessage', count: 1 },
    ]);
  });

  it('keeps the latest two hundred denials', () => {
    const { caller } = cloud.identity.assumeRole(ROLE, LAMBDA, 'fn');
    for (let queue = 0; queue <= 200; queue += 1) {
      expect(() => send(caller, undefined, 'sqs', `${QUEUE}-${queue}`)).toThrow();
    }
    expect(cloud.identity.denials().map(({ resource }) => resource)).toEqual(
      Array.from({ length: 200 }, (_, index) => `${QUEUE}-${200 - index}`),
    );
  });

  it('names what an operation asks for that the table of permissions does not list', () => {
    const asks = (action: string, operation: string): void =>
      cloud.identity.authorize(cloud.admin, [{ action, resource: QUEUE }], 'sqs', operation);
    asks('sqs:SendMessage', 'SendMessageBatch');
    expect(cloud.identity.undocumented()).toEqual([]);

    asks('sqs:SendMessageBatch', 'SendMessageBatch');
    expect(cloud.identity.undocumented()).toEqual([
      { service: 'sqs', operation: 'SendMessageBatch', action: 'sqs:SendMessageBatch' },
    ]);
  });

  it('honours an explicit deny over every allow, for the admin key too', async () => {
    const { caller } = cloud.identity.assumeRole(ROLE, LAMBDA, 'fn');
    await grant({ Effect: 'Deny', Action: 'sqs:*', Resource: '*' });

    expect(() => send(caller, policy(everyone))).toThrow('with an explicit deny in an identity-based policy');
    expect(() => send(cloud.admin, policy(everyone, { ...everyone, Effect: 'Deny' }))).toThrow(
      'with an explicit deny in a resource-based policy',
    );
    expect(() => send(cloud.admin)).not.toThrow();
  });

  it('does not lock itself out by a policy that demands TLS', () => {
    const tlsOnly = { ...everyone, Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
    expect(() => send(cloud.admin, policy(tlsOnly))).not.toThrow();
  });

  it('lets a service in by the resource’s policy only, under the conditions it names', () => {
    const rule = 'arn:aws:events:us-east-1:000000000000:rule/bus/orders';
    const service = cloud.identity.servicePrincipal('events.amazonaws.com', '000000000000', rule);
    const forRule = (arn: string): string =>
      policy({
        ...everyone,
        Principal: { Service: 'events.amazonaws.com' },
        Condition: { ArnEquals: { 'aws:SourceArn': arn }, StringEquals: { 'aws:SourceAccount': '000000000000' } },
      });

    expect(() => send(service, forRule(rule))).not.toThrow();
    expect(() => send(service, forRule(`${rule}-2`))).toThrow('no resource-based policy allows');
    expect(() => send(service)).toThrow('User: events.amazonaws.com is not authorized');
  });

  it('tells policies the tags of the role and the region of the request, be there a region in the resource or not', async () => {
    const { caller } = cloud.identity.assumeRole(ROLE, LAMBDA, 'fn');
    const tags = { StringEquals: { 'aws:PrincipalTag/Team': 'orders' } };
    const region = { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } };
    await grant(
      { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: QUEUE, Condition: tags },
      { Effect: 'Allow', Action: ['sqs:ListQueues', 'iam:ListRoles'], Resource: '*', Condition: region },
    );
    expect(() => send(caller)).toThrow('no identity-based policy allows');
    await cloud.call('iam', 'TagRole', { RoleName: 'outbox-relay', Tags: [{ Key: 'team', Value: 'orders' }] });
    expect(() => send(caller)).not.toThrow();

    const list = (at: string, service = 'sqs', operation = 'ListQueues') => {
      const needs = [{ action: `${service}:${operation}`, resource: '*' }];
      return () => cloud.identity.authorize(caller, needs, service, operation, at);
    };
    expect(list('eu-west-1')).not.toThrow();
    expect(list('us-east-1')).toThrow('no identity-based policy allows');
    // IAM has one endpoint, in us-east-1, wherever its clients are.
    expect(list('eu-west-1', 'iam', 'ListRoles')).toThrow('no identity-based policy allows');
  });

  it('tells policies since when a session is, and that nobody proved it with a device', async () => {
    const allow = async (condition: object): Promise<boolean> => {
      await grant({ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: QUEUE, Condition: condition });
      const { caller } = cloud.identity.assumeRole(ROLE, LAMBDA, 'fn');
      cloud.clock.advance(3_600_000);
      try {
        send(caller);
        return true;
      } catch {
        return false;
      }
    };
    const since = new Date(cloud.clock.now() - 1000).toISOString();
    expect(await allow({ DateGreaterThan: { 'aws:TokenIssueTime': since } })).toBe(true);
    const later = new Date(cloud.clock.now() + 1000).toISOString();
    expect(await allow({ DateGreaterThan: { 'aws:TokenIssueTime': later } })).toBe(false);
    expect(await allow({ Bool: { 'aws:MultiFactorAuthPresent': 'false' } })).toBe(true);
    expect(await allow({ Null: { 'aws:TokenIssueTime': 'true' } })).toBe(false);
  });

  it('says a call comes through a service only where the service acts for a principal, not for itself', async () => {
    const onlyThrough = { ...everyone, Condition: { Bool: { 'aws:ViaAWSService': 'true' } } };
    const rule = cloud.identity.servicePrincipal('events.amazonaws.com', '000000000000', 'arn:aws:events:x:1:rule/r');
    const { caller } = cloud.identity.assumeRole(ROLE, LAMBDA, 'fn');
    const through = (who: Caller) => () => send(callerVia(who, 'sqs', 'us-east-1'), policy(onlyThrough));
    expect(through(caller)).not.toThrow();
    expect(through(rule)).toThrow('no resource-based policy allows');
    expect(() => send(caller, policy(onlyThrough))).toThrow('no identity-based policy allows');
  });

  it('asks both sides across accounts', async () => {
    const theirs = 'arn:aws:sqs:us-east-1:111122223333:orders';
    const { caller } = cloud.identity.assumeRole(ROLE, LAMBDA, 'fn');
    const open = policy({ ...everyone, Principal: { AWS: '000000000000' }, Resource: theirs });

    expect(() => send(cloud.admin, undefined, 'sqs', theirs)).toThrow('no resource-based policy allows');
    expect(() => send(cloud.admin, open, 'sqs', theirs)).not.toThrow();
    expect(() => send(caller, open, 'sqs', theirs)).toThrow('no identity-based policy allows');
    await grant({ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: theirs });
    expect(() => send(caller, open, 'sqs', theirs)).not.toThrow();
  });

  it('lets only the trusted service assume a role, and only for the trusted source', async () => {
    await deleteRole();
    await createRole(
      { Service: 'pipes.amazonaws.com' },
      { StringEquals: { 'aws:SourceArn': 'arn:aws:pipes:x:1:pipe/p' } },
    );
    const assume = (service: string, source?: string) => () => cloud.identity.assumeRole(ROLE, service, 's', source);

    expect(assume('pipes.amazonaws.com', 'arn:aws:pipes:x:1:pipe/p')).not.toThrow();
    expect(assume('pipes.amazonaws.com', 'arn:aws:pipes:x:1:pipe/q')).toThrow(
      'is not authorized to perform: sts:AssumeRole',
    );
    expect(assume('pipes.amazonaws.com')).toThrow('sts:AssumeRole');
    expect(assume(LAMBDA, 'arn:aws:pipes:x:1:pipe/p')).toThrow('sts:AssumeRole');
    expect(() => cloud.identity.assumeRole(`${ROLE}-2`, LAMBDA, 's')).toThrow('sts:AssumeRole');
  });

  it('keeps a role’s credentials across a restart, until they expire or the role is made anew', async () => {
    const { caller, credentials } = cloud.identity.assumeRole(ROLE, LAMBDA, 'fn');
    const resolve = () => cloud.identity.resolve(credentials.accessKeyId, credentials.sessionToken);
    cloud = specCloud(store);

    expect(resolve()).toEqual({ caller, secretAccessKey: credentials.secretAccessKey, expired: false });
    expect(cloud.identity.resolve(credentials.accessKeyId, 'another token')).toBeUndefined();

    await deleteRole();
    await createRole({ Service: LAMBDA });
    expect(resolve()).toBeUndefined();

    const fresh = cloud.identity.assumeRole(ROLE, LAMBDA, 'fn').credentials;
    expect(fresh.accessKeyId).not.toBe(credentials.accessKeyId);
    const late = () => cloud.identity.resolve(fresh.accessKeyId, fresh.sessionToken);
    cloud.clock.advance((fresh.expiresAt ?? 0) - cloud.clock.now());
    cloud.identity.assumeRole(ROLE, LAMBDA, 'fn');
    expect(late()).toMatchObject({ expired: true });
    cloud.clock.advance(24 * 3_600_000);
    cloud.identity.assumeRole(ROLE, LAMBDA, 'fn');
    expect(late()).toBeUndefined();
  });

  it('gives each session keys of its own, whatever its name, and keeps the others valid', () => {
    const [first, second] = [1, 2].map(() => cloud.identity.assumeRole(ROLE, LAMBDA, 'fn').credentials);
    expect(first?.accessKeyId).not.toBe(second?.accessKeyId);
    for (const session of [first, second]) {
      expect(cloud.identity.resolve(session?.accessKeyId ?? '', session?.sessionToken)).toBeDefined();
    }
  });

  it('lets the admin key assume a role that trusts its account, and no other', async () => {
    const assume = () => cloud.call('sts', 'AssumeRole', { RoleArn: ROLE, RoleSessionName: 'me' });
    await expect(assume()).rejects.toMatchObject({ queryCode: 'AccessDenied', status: 403 });

    await deleteRole();
    await createRole({ AWS: 'arn:aws:iam::000000000000:root' });
    const { Credentials } = await assume();
    const session = cloud.identity.resolve(Credentials?.AccessKeyId ?? '', Credentials?.SessionToken);
    expect(session?.caller).toMatchObject({ kind: 'role', roleArn: ROLE });
  });
});
