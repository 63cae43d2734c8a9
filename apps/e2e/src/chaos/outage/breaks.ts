import { DescribeEventBusCommand, PutPermissionCommand } from '@aws-sdk/client-eventbridge';
import { DeleteRolePolicyCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { consumerOf, type Stack } from '../../support/stack';
import type { AwsClients } from '../clients';
import type { CrashingCloud } from '../local-cloud';
import type { Partners } from '../partners';
import { startPipe, stopPipe } from '../pipe';

export interface BreakTools {
  readonly seed: number;
  readonly stack: Stack;
  readonly clients: AwsClients;
  readonly cloud: CrashingCloud;
  readonly partners?: Partners | undefined;
}

/** One way to break the stack, and to mend it. */
export interface Break {
  /** Returns what mends it. */
  begin(tools: BreakTools): Promise<() => Promise<void>>;
  /** Done some times during the outage, while clients are at work. */
  again?(tools: BreakTools): Promise<void>;
}

const POLICY_NAME = 'outage';
const NO_RATES = { throttle: 0, 'server-error': 0, slow: 0, 'lost-answer': 0 };

export type BreakName =
  'pipe' | 'sweeper' | 'acknowledger' | 'consumer-table' | 'bus-policy' | 'bus' | 'mail-provider' | 'engine';

export const BREAKS: Readonly<Record<BreakName, Break>> = {
  pipe: {
    begin: async ({ clients, stack }) => {
      await stopPipe(clients.pipes, stack.pipe_name);
      return () => startPipe(clients.pipes, stack.pipe_name);
    },
  },
  sweeper: { begin: (tools) => denyTable(tools, tools.stack.sweeper_function_name) },
  acknowledger: { begin: (tools) => denyTable(tools, tools.stack.acknowledger.function_name) },
  'consumer-table': { begin: (tools) => denyTable(tools, consumerOf(tools.stack, 'notifications').function_name) },
  'bus-policy': {
    begin: async ({ clients: { events }, stack: { event_bus_name: EventBusName } }) => {
      const { Arn, Policy } = await events.send(new DescribeEventBusCommand({ Name: EventBusName }));
      if (Policy === undefined) throw new Error(`the bus ${EventBusName} has no policy that could be changed`);
      const policy = JSON.parse(Policy) as { readonly Statement: readonly unknown[] };
      const deny = { Sid: 'Outage', Effect: 'Deny', Principal: '*', Action: 'events:PutEvents', Resource: Arn };
      const changed = JSON.stringify({ ...policy, Statement: [...policy.Statement, deny] });
      await events.send(new PutPermissionCommand({ EventBusName, Policy: changed }));
      return async () => {
        await events.send(new PutPermissionCommand({ EventBusName, Policy }));
      };
    },
  },
  bus: {
    begin: async ({ cloud, seed }) => {
      await cloud.startFaults(seed, { 'bus-outage': 1 });
      return async () => {
        await cloud.stopFaults();
      };
    },
  },
  'mail-provider': {
    begin: async ({ partners, seed }) => {
      if (partners === undefined) throw new Error('no mail provider stands beside the stack');
      await partners.startFaults(seed, NO_RATES, { ...NO_RATES, 'server-error': 1 });
      return () => partners.stopFaults();
    },
  },
  engine: {
    begin: async ({ cloud }) => {
      await cloud.crash();
      return () => Promise.resolve();
    },
    again: ({ cloud }) => cloud.crash(),
  },
};

/** Takes every table away from a function: each of its invocations fails. */
async function denyTable({ clients: { iam, lambda } }: BreakTools, FunctionName: string): Promise<() => Promise<void>> {
  const { Role } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const RoleName = Role?.split('/').at(-1);
  const statement = { Effect: 'Deny', Action: 'dynamodb:*', Resource: '*' };
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: POLICY_NAME, PolicyDocument }));
  return async () => {
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: POLICY_NAME }));
  };
}
