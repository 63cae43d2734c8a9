import { specParts } from '../testing/services';
import { runOperations } from '../run-operations';
import { ARGUMENT_RULES } from './argument-rules';
import { checkPlan } from './check-plan';
import { parsePlan } from './plan';
import { knownOperations } from './resource-operations';
import type { ServiceName } from '@outbox/local-cloud-kernel';
import { serviceModel } from '@outbox/local-cloud-wire';

interface Planned {
  readonly address: string;
  readonly after?: object;
  readonly unknown?: object;
  readonly actions?: readonly string[];
  readonly mode?: string;
}

/** A plan as `terraform show -json` has it. */
function plan(resources: readonly Planned[], root: object = {}) {
  const changes = resources.map(({ address, after = {}, unknown = {}, actions = ['create'], mode = 'managed' }) => ({
    address,
    mode,
    type: /((?:aws|random)_\w+)\.[\w-]+(\[[^\]]*\])?$/.exec(address)?.[1],
    change: { actions, after, after_unknown: unknown },
  }));
  return parsePlan(
    JSON.stringify({ format_version: '1.2', resource_changes: changes, configuration: { root_module: root } }),
  );
}

const findings = (resources: readonly Planned[], root?: object) => checkPlan(plan(resources, root), runOperations());

describe('a look at a plan', () => {
  it('finds services, operations and arguments that are not run, all in one go', () => {
    const check = findings([
      { address: 'aws_sns_topic.ok', after: { name: 'ok', fifo_topic: false } },
      { address: 'aws_sns_topic.fifo', after: { fifo_topic: true } },
      { address: 'aws_cloudwatch_query_definition.errors' },
      { address: 'aws_api_gateway_rest_api.old' },
      { address: 'aws_vpc.main' },
      { address: 'random_id.suffix' },
      { address: 'data.aws_caller_identity.me', mode: 'data', actions: ['read'] },
      { address: 'aws_vpc.gone', actions: ['delete'] },
    ]);
    expect(check).toEqual({
      findings: [
        { address: 'aws_sns_topic.fifo', operation: 'sns:CreateTopic', what: 'refuses fifo_topic = true' },
        {
          address: 'aws_cloudwatch_query_definition.errors',
          operation: 'logs:PutQueryDefinition',
          what: 'is not run',
        },
        {
          address: 'aws_api_gateway_rest_api.old',
          operation: 'apigateway:CreateRestApi',
          what: 'is of a service that is not here',
        },
        { address: 'aws_vpc.main', operation: undefined, what: 'aws_vpc is not known here' },
      ],
      looked: 5,
      unknown: [],
    });
  });

  it('looks into blocks', () => {
    const metric_query = [
      { id: 'm', expression: null },
      { id: 'e', expression: 'm * 2' },
      { id: 's', expression: 'SEARCH("m", "Sum")' },
    ];
    expect(findings([{ address: 'aws_cloudwatch_metric_alarm.a', after: { metric_query } }]).findings).toMatchObject([
      { what: 'refuses metric_query.expression = "SEARCH(\\"m\\", \\"Sum\\")"' },
    ]);
  });

  describe('where a value is known only after the apply', () => {
    const target = (address: string) => ({ address, unknown: { arn: true } });
    const refersTo = (...references: string[]) => ({ expressions: { arn: { references } } });

    it('goes by the type of the resource that is referred to', () => {
      const resources = [
        { address: 'aws_cloudwatch_event_target.queue', ...refersTo('aws_sqs_queue.q[0].arn', 'aws_sqs_queue.q') },
        { address: 'aws_cloudwatch_event_target.stream', ...refersTo('aws_kinesis_stream.s.arn') },
      ];
      const check = findings(
        resources.map(({ address }) => target(`${address}["a"]`)),
        { resources },
      );
      expect(check).toMatchObject({
        findings: [
          {
            address: 'aws_cloudwatch_event_target.stream["a"]',
            what: 'refuses arn of aws_kinesis_stream',
          },
        ],
        unknown: [],
      });
    });

    it('follows variables and outputs of modules', () => {
      const root = {
        module_calls: {
          rules: {
            expressions: { target_arn: { references: ['module.streams.arn', 'module.streams'] } },
            module: { resources: [{ address: 'aws_cloudwatch_event_target.this', ...refersTo('var.target_arn') }] },
          },
          streams: { module: { outputs: { arn: { expression: { references: ['aws_kinesis_stream.s.arn'] } } } } },
        },
      };
      const address = 'module.rules["eu"].aws_cloudwatch_event_target.this[0]';
      expect(findings([target(address)], root).findings).toMatchObject([
        { address, what: 'refuses arn of aws_kinesis_stream' },
      ]);
    });

    it('says so where the trail ends', () => {
      const resources = [{ address: 'aws_cloudwatch_event_target.t', ...refersTo('local.arn') }];
      expect(findings([target('aws_cloudwatch_event_target.t')], { resources })).toEqual({
        findings: [],
        looked: 1,
        unknown: ['aws_cloudwatch_event_target.t: arn'],
      });
    });
  });

  it.each(['', '[]', '{"format_version":"1.0","values":{}}', 'PK binary'])('refuses %j, which is no plan', (text) => {
    expect(() => parsePlan(text)).toThrow('terraform show -json PLANFILE');
  });
});

describe('what the check knows', () => {
  const { dispatcher } = specParts();
  const caller = {
    kind: 'root',
    accountId: '000000000000',
    arn: 'arn:aws:iam::000000000000:root',
    userId: 'r',
  } as const;
  const call = (named: string, input: object): Promise<unknown> => {
    const [service, operation = ''] = named.split(' ') as [ServiceName, string];
    const { accountId } = caller;
    const signal = new AbortController().signal;
    return dispatcher.dispatch(input, {
      accountId,
      region: 'us-east-1',
      caller,
      requestId: 'r',
      service,
      operation,
      signal,
    });
  };

  /** What the refused calls refer to. */
  beforeAll(async () => {
    await call('events PutRule', { Name: 'r', EventPattern: '{"source":["x"]}' });
    await call('sns CreateTopic', { Name: 't' });
    const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
    await call('iam CreateRole', { RoleName: 'r', AssumeRolePolicyDocument });
  });

  it.each(ARGUMENT_RULES.map((rule) => [rule.type, rule.argument, rule] as const))(
    'of %s.%s is what the engine refuses',
    async (_type, _argument, { what, call: refused }) => {
      await expect(call(refused.operation, refused.input)).rejects.toMatchObject({
        code: 'UnsupportedOperation',
        message: expect.stringContaining(what) as unknown,
      });
    },
  );

  it('are operations that AWS has', () => {
    const services = new Set([...dispatcher.services()].map(({ name }) => String(name)));
    const unknown = knownOperations().filter((each) => {
      const [service, operation = ''] = each.split(' ') as [ServiceName, string];
      return services.has(service) && !serviceModel(service).operations.has(operation);
    });
    expect(unknown).toEqual([]);
  });
});
