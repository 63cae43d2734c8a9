import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePlan, type Plan } from '../plan-json.ts';
import { acceptedLosses } from './kept-data.ts';
import { isBroken, judge, renderVerdicts, rulesOf } from './judge.ts';

type Values = Record<string, unknown>;

/** Recorded after an apply to the local cloud, so that everything is known; trimmed by fixtures/trim-plan.ts. */
const stackText = readFileSync(join(__dirname, '..', 'fixtures', 'applied-stack.json'), 'utf8');
const stack = (): Plan => parsePlan(stackText);

/** The stack with what `change` does to its first resource of a type. */
function stackWith(type: string, change: (values: Values) => void): Plan {
  const plan = stack();
  const resource = plan.resource_changes?.find((candidate) => candidate.type === type);
  change(resource?.change.after as Values);
  return plan;
}

/** The stack and one resource more. */
function stackAnd(type: string, after: Values, rest: { after_unknown?: unknown; configuration?: unknown } = {}): Plan {
  const { after_unknown, configuration } = rest;
  const change = { actions: ['create'], before: null, after, after_unknown };
  const added = { address: `${type}.bad`, mode: 'managed', type, name: 'bad', change };
  return { ...stack(), configuration, resource_changes: [...(stack().resource_changes ?? []), added] };
}

const document = (...statements: readonly Values[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });
const allow = (more: Values): Values => ({ Effect: 'Allow', ...more });
const policy = (more: Values): Plan => stackAnd('aws_iam_role_policy', { policy: document(allow(more)) });
const queue = { sqs_managed_sse_enabled: true, redrive_policy: '{}' };
const tls = {
  Effect: 'Deny',
  Principal: '*',
  Action: 'sqs:*',
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};
const service = { Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:SendMessage' };

const brokenBy = (plan: Plan): readonly string[] =>
  judge(plan)
    .filter(isBroken)
    .map(({ rule }) => rule.name);

const openRoute = { route_key: 'POST /orders', authorization_type: 'NONE' };

/** The stack, and a change that destroys what is named. */
function stackWithout(type: string, actions: readonly string[]): Plan {
  const destroyed = { address: `${type}.gone`, mode: 'managed', type, name: 'gone' };
  const change = { actions, before: {}, after: actions.includes('create') ? undefined : null };
  return { ...stack(), resource_changes: [...(stack().resource_changes ?? []), { ...destroyed, change }] };
}

const bad: readonly (readonly [rule: string, what: string, plan: Plan])[] = [
  ['kept-data', 'a destroyed table', stackWithout('aws_dynamodb_table', ['delete'])],
  ['kept-data', 'a replaced queue', stackWithout('aws_sqs_queue', ['delete', 'create'])],
  [
    'kept-data',
    'a bus made anew before the old one goes',
    stackWithout('aws_cloudwatch_event_bus', ['create', 'delete']),
  ],
  ['kept-data', 'a destroyed archive', stackWithout('aws_cloudwatch_event_archive', ['delete'])],
  ['kept-data', 'a replaced log group', stackWithout('aws_cloudwatch_log_group', ['delete', 'create'])],
  [
    'no-public-write',
    'a queue policy for everybody',
    stackWith(
      'aws_sqs_queue',
      (values) => (values['policy'] = document(allow({ Principal: '*', Action: 'sqs:SendMessage' }), tls)),
    ),
  ],
  [
    'no-public-write',
    'an open route that nobody asked for',
    { ...stackAnd('aws_apigatewayv2_route', openRoute), variables: { api_authorization: { value: { type: 'JWT' } } } },
  ],
  [
    'no-public-write',
    'a bus policy for every AWS account',
    stackWith(
      'aws_cloudwatch_event_bus_policy',
      (values) => (values['policy'] = document(allow({ Principal: { AWS: '*' }, Action: 'events:PutEvents' }))),
    ),
  ],
  ['no-public-write', 'a function that everybody may invoke', stackAnd('aws_lambda_permission', { principal: '*' })],
  [
    'no-public-write',
    'a function URL without authorization',
    stackAnd('aws_lambda_function_url', { authorization_type: 'NONE' }),
  ],
  [
    'least-privilege',
    'an action with a wildcard',
    policy({ Action: ['dynamodb:*'], Resource: 'arn:aws:dynamodb:eu-west-1:111122223333:table/t' }),
  ],
  ['least-privilege', 'every resource', policy({ Action: 'dynamodb:GetItem', Resource: '*' })],
  [
    'least-privilege',
    'every table',
    policy({ Action: 'dynamodb:GetItem', Resource: ['arn:aws:dynamodb:eu-west-1:111122223333:table/*'] }),
  ],
  [
    'least-privilege',
    'the streams of every log group',
    policy({ Action: 'logs:PutLogEvents', Resource: 'arn:aws:logs:eu-west-1:111122223333:log-group:*:*' }),
  ],
  [
    'least-privilege',
    'all but what is named',
    policy({ NotAction: 'iam:PassRole', Resource: 'arn:aws:sqs:eu-west-1:111122223333:q' }),
  ],
  [
    'least-privilege',
    'a policy of AWS',
    stackAnd('aws_iam_role_policy_attachment', {
      policy_arn: 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
    }),
  ],
  [
    'known-source',
    'a role that a service may take for anybody',
    stackAnd('aws_iam_role', {
      assume_role_policy: document(allow({ Principal: { Service: 'pipes.amazonaws.com' }, Action: 'sts:AssumeRole' })),
    }),
  ],
  [
    'known-source',
    'a queue that any rule may send to',
    stackWith('aws_sqs_queue', (values) => (values['policy'] = document(allow(service), tls))),
  ],
  [
    'known-source',
    'a function that any API may invoke',
    stackWith('aws_lambda_permission', (values) => delete values['source_arn']),
  ],
  ['tls-only', 'a queue without a policy', stackWith('aws_sqs_queue', (values) => delete values['policy'])],
  [
    'tls-only',
    'a queue policy that denies nothing',
    stackAnd('aws_sqs_queue', {
      ...queue,
      policy: document(allow({ ...service, Condition: { ArnEquals: { 'aws:SourceArn': 'arn:r' } } })),
    }),
  ],
  [
    'encryption',
    'a queue without encryption',
    stackWith('aws_sqs_queue', (values) => delete values['sqs_managed_sse_enabled']),
  ],
  [
    'encryption',
    'a queue with the key EventBridge cannot use',
    stackWith('aws_sqs_queue', (values) => (values['kms_master_key_id'] = 'alias/aws/sqs')),
  ],
  [
    'known-source',
    'a key that EventBridge may use for anybody',
    stackAnd('aws_kms_key', {
      enable_key_rotation: true,
      policy: document(allow({ ...service, Action: ['kms:DescribeKey', 'kms:Decrypt'] })),
    }),
  ],
  [
    'no-public-write',
    'a key for everybody',
    stackAnd('aws_kms_key', {
      enable_key_rotation: true,
      policy: document(allow({ Principal: '*', Action: 'kms:*' })),
    }),
  ],
  ['encryption', 'a key that never rotates', stackAnd('aws_kms_key', { policy: document() })],
  ['encryption', 'a topic without a key', stackAnd('aws_sns_topic', { name: 'alarms' })],
  [
    'dead-letters',
    'a queue without',
    stackAnd('aws_sqs_queue', { sqs_managed_sse_enabled: true, policy: document(tls) }),
  ],
  [
    'dead-letters',
    'a queue without, before the first apply',
    stackAnd(
      'aws_sqs_queue',
      { sqs_managed_sse_enabled: true, policy: document(tls) },
      {
        after_unknown: { redrive_policy: true, redrive_allow_policy: true },
        configuration: { root_module: { resources: [{ address: 'aws_sqs_queue.bad', expressions: { name: {} } }] } },
      },
    ),
  ],
  [
    'dead-letters',
    'a rule target without',
    stackWith('aws_cloudwatch_event_target', (values) => delete values['dead_letter_config']),
  ],
  [
    'dead-letters',
    'a schedule without',
    stackWith('aws_scheduler_schedule', (values) => (values['target'] = [{ arn: 'arn:f', dead_letter_config: [] }])),
  ],
  [
    'dead-letters',
    'a pipe without',
    stackWith(
      'aws_pipes_pipe',
      (values) => (values['source_parameters'] = [{ dynamodb_stream_parameters: [{ dead_letter_config: [] }] }]),
    ),
  ],
  [
    'batch-failures',
    'a mapping that fails whole batches',
    stackWith('aws_lambda_event_source_mapping', (values) => (values['function_response_types'] = [])),
  ],
  [
    'log-retention',
    'logs for ever',
    stackWith('aws_cloudwatch_log_group', (values) => (values['retention_in_days'] = 0)),
  ],
  [
    'log-retention',
    'a function whose log group Lambda makes',
    stackAnd('aws_lambda_function', { function_name: 'new' }),
  ],
  [
    'log-retention',
    'an API without access log',
    stackWith('aws_apigatewayv2_stage', (values) => delete values['access_log_settings']),
  ],
  [
    'tags',
    'a resource without an owner',
    stackWith('aws_dynamodb_table', (values) => (values['tags_all'] = { ManagedBy: 'terraform' })),
  ],
];

describe('the policy', () => {
  it('holds of the stack, with everything decided; writing without authorization is a warning where it was chosen', () => {
    const findings = judge(stack()).flatMap((verdict) => verdict.findings);

    expect(findings.map(({ severity, problem }) => `${severity}: ${problem}`)).toEqual([
      'warning: whoever knows the address may PATCH /orders/{orderId}',
      'warning: whoever knows the address may POST /orders',
    ]);
  });

  it.each(bad)('%s is broken by %s', (rule, _what, plan) => {
    expect(brokenBy(plan)).toEqual([rule]);
  });

  it('has no rule that no bad plan breaks', () => {
    expect(new Set(bad.map(([rule]) => rule))).toEqual(new Set(rulesOf([]).map(({ name }) => name)));
  });

  it('does not decide on a document that is unknown before the apply, and says so', () => {
    const verdicts = judge(stackAnd('aws_iam_role_policy', { name: 'x' }, { after_unknown: { policy: true } }));

    expect(verdicts.filter(isBroken)).toEqual([]);
    expect(renderVerdicts(verdicts, 'text')).toContain(
      'Not decided yet: aws_iam_role_policy.bad policy is known only after the apply',
    );
  });

  it('takes a redrive policy that names a queue of the same plan', () => {
    const values = { sqs_managed_sse_enabled: true, policy: document(tls) };
    const configuration = {
      root_module: {
        module_calls: {
          handlers: { module: { resources: [{ address: 'aws_sqs_queue.this', expressions: { redrive_policy: {} } }] } },
        },
      },
    };
    const plan = stackAnd('aws_sqs_queue', values, { after_unknown: { redrive_policy: true }, configuration });
    const changes = plan.resource_changes?.map((change) =>
      change.address === 'aws_sqs_queue.bad'
        ? { ...change, address: 'module.handlers["a.b"].aws_sqs_queue.this' }
        : change,
    );

    expect(brokenBy({ ...plan, resource_changes: changes })).toEqual([]);
  });

  it('takes a key whose services are bound to what they encrypt, and may look at it first', () => {
    const bound = { StringEquals: { 'kms:EncryptionContext:aws:logs:arn': 'arn:g' } };
    const logs = allow({
      Principal: { Service: 'logs.eu-west-1.amazonaws.com' },
      Action: 'kms:Decrypt',
      Condition: bound,
    });
    const look = allow({ Principal: { Service: 'events.amazonaws.com' }, Action: 'kms:DescribeKey', Resource: '*' });
    const account = allow({ Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'kms:*', Resource: '*' });

    expect(
      brokenBy(stackAnd('aws_kms_key', { enable_key_rotation: true, policy: document(account, look, logs) })),
    ).toEqual([]);
  });

  it('lets go what was named beforehand, and says so', () => {
    const plan = stackWithout('aws_dynamodb_table', ['delete']);
    const inModule = JSON.parse(
      JSON.stringify(plan).replaceAll('aws_dynamodb_table.gone', 'module.consumers[\\"a\\"].aws_dynamodb_table.this'),
    ) as Plan;
    const verdicts = judge(inModule, acceptedLosses('module.other module.consumers["a"]\n'));

    expect(verdicts.filter(isBroken)).toEqual([]);
    expect(renderVerdicts(verdicts, 'text')).toContain(
      'Warning: module.consumers["a"].aws_dynamodb_table.this is destroyed, and with it goes every row',
    );
    expect(judge(inModule, acceptedLosses('module.consumers["ab"] module.consum')).filter(isBroken)).toHaveLength(1);
  });

  it('asks nothing else of what is destroyed', () => {
    const plan = stackAnd('aws_iam_role_policy', { policy: document(allow({ Action: '*', Resource: '*' })) });
    const changes = plan.resource_changes?.map((entry) =>
      entry.address === 'aws_iam_role_policy.bad'
        ? { ...entry, change: { actions: ['delete'], before: {}, after: null } }
        : entry,
    );

    expect(brokenBy({ ...plan, resource_changes: changes })).toEqual([]);
  });

  it('is told with the reason and the place of what breaks it', () => {
    const text = renderVerdicts(judge(policy({ Action: 'dynamodb:GetItem', Resource: '*' })), 'markdown');

    expect(text).toContain('Policy: 1 of 10 rules are BROKEN.');
    expect(text).toContain('### least-privilege: A role may do what it needs');
    expect(text).toContain('- BROKEN: `aws_iam_role_policy.bad` allows dynamodb:GetItem on *');
  });
});
