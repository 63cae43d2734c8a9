import { AwsError, refuseOptions, type Engine, type RequestContext, type Table } from '@outbox/local-cloud-kernel';
import { invalidParameter, notFound } from './errors';
import type { LogsOperations } from './group-operations';
import type { Place } from './model';
import { page } from './page';
import { MOST_POLICIES } from './limits';

interface PolicyRecord extends Place {
  readonly name: string;
  readonly text: string;
  readonly updatedAt: number;
}

/** The account's resource policies for logs: how services are let in to write. */
export class ResourcePolicies {
  readonly #policies: Table<PolicyRecord>;

  constructor(private readonly engine: Pick<Engine, 'store' | 'clock' | 'identity'>) {
    this.#policies = engine.store.table('logs.resource-policies');
  }

  /**
   * All of them as one text, with what AWS adds by itself when an HTTP API's access log or a pipe's log is set up:
   * log delivery may write. Source: CloudWatch Logs user guide, "Enabling logging from AWS services".
   */
  textFor(place: Place): string {
    const delivery = {
      Effect: 'Allow',
      Principal: { Service: 'delivery.logs.amazonaws.com' },
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: `arn:aws:logs:${place.region}:${place.accountId}:log-group:*:log-stream:*`,
      Condition: { StringEquals: { 'aws:SourceAccount': place.accountId } },
    };
    const own = this.#all(place).flatMap(({ text }) => {
      const { Statement } = JSON.parse(text) as { Statement: unknown };
      return Statement;
    });
    return JSON.stringify({ Version: '2012-10-17', Statement: [delivery, ...own] });
  }

  operations(): LogsOperations {
    const on = (action: string) => () => [{ action: `logs:${action}`, resource: '*' }];
    return {
      PutResourcePolicy: {
        requires: on('PutResourcePolicy'),
        handle: (input, context) => {
          refuseOptions('logs', 'PutResourcePolicy', input, 'resourceArn', 'expectedRevisionId');
          const record: PolicyRecord = {
            accountId: context.accountId,
            region: context.region,
            name: input.policyName ?? '',
            text: this.#checked(input.policyDocument ?? ''),
            updatedAt: this.engine.clock.now(),
          };
          const others = this.#all(context).filter(({ name }) => name !== record.name);
          if (others.length >= MOST_POLICIES) {
            throw new AwsError('LimitExceededException', 'Resource limit exceeded.');
          }
          this.#policies.set(keyOf(context, record.name), record);
          return { resourcePolicy: toPolicy(record) };
        },
      },
      DescribeResourcePolicies: {
        requires: on('DescribeResourcePolicies'),
        handle: (input, context) => {
          refuseOptions('logs', 'DescribeResourcePolicies', input, 'resourceArn');
          if (input.policyScope === 'RESOURCE') refuseOptions('logs', 'DescribeResourcePolicies', input, 'policyScope');
          const { items, nextToken } = page(this.#all(context), input, 50);
          return { resourcePolicies: items.map(toPolicy), nextToken };
        },
      },
      DeleteResourcePolicy: {
        requires: on('DeleteResourcePolicy'),
        handle: (input, context) => {
          refuseOptions('logs', 'DeleteResourcePolicy', input, 'resourceArn', 'expectedRevisionId');
          if (!this.#policies.delete(keyOf(context, input.policyName ?? ''))) throw notFound('policy');
          return {};
        },
      },
    };
  }

  #checked(text: string): string {
    const problem = this.engine.identity.resourcePolicyProblem(text);
    if (problem !== undefined) throw invalidParameter(`Invalid policy document: ${problem}`);
    return text;
  }

  #all(place: Place): PolicyRecord[] {
    return [...this.#policies.values()].filter(
      (policy) => policy.accountId === place.accountId && policy.region === place.region,
    );
  }
}

function toPolicy(record: PolicyRecord) {
  return { policyName: record.name, policyDocument: record.text, lastUpdatedTime: record.updatedAt };
}

function keyOf(place: Pick<RequestContext, 'accountId' | 'region'>, name: string): string {
  return `${place.accountId}/${place.region}/${name}`;
}
