import type { Plan } from '../plan-json.ts';
import { allow, badPlans, document, policy, stack, stackAnd, stackWithout, tls, topic } from '../fixtures/bad-plans.ts';
import { acceptedLosses } from './kept-data.ts';
import { isBroken, judge, renderVerdicts, rulesOf } from './judge.ts';

const brokenBy = (plan: Plan): readonly string[] =>
  judge(plan)
    .filter(isBroken)
    .map(({ rule }) => rule.name);

describe('the policy', () => {
  it('holds of the stack, with everything decided; writing without authorization is a warning where it was chosen', () => {
    const findings = judge(stack()).flatMap((verdict) => verdict.findings);

    expect(findings.map(({ severity, problem }) => `${severity}: ${problem}`)).toEqual([
      'warning: whoever knows the address may PATCH /orders/{orderId}',
      'warning: whoever knows the address may POST /orders',
    ]);
  });

  it.each(badPlans)('%s is broken by %s', (rule, _what, plan) => {
    expect(brokenBy(plan)).toEqual([rule]);
  });

  it('has no rule that no bad plan breaks', () => {
    expect(new Set(badPlans.map(([rule]) => rule))).toEqual(new Set(rulesOf([]).map(({ name }) => name)));
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

  it('takes a policy for everybody that a condition narrows to known ones', () => {
    const ours = { ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/ours' } };
    const known = allow({ Principal: '*', Action: 'sns:Publish', Condition: ours });

    expect(brokenBy(stackAnd('aws_sns_topic', topic(known)))).toEqual([]);
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

    expect(text).toContain('Policy: 1 of 11 rules are BROKEN.');
    expect(text).toContain('### least-privilege: A role may do what it needs');
    expect(text).toContain('- BROKEN: `aws_iam_role_policy.bad` allows dynamodb:GetItem on *');
  });
});
