import type { ConsumerPolicy } from './consumers-map';
import { specOf } from './spec-file';

/** Path in the app's folder to text, formatted as Prettier would. */
export type AppFiles = Readonly<Record<string, string>>;

/** The app of a consumer: what the seed's consumers have, with the smallest effect that is one. */
export function appFiles(name: string, policy: ConsumerPolicy): AppFiles {
  return {
    'project.json': `${JSON.stringify(
      {
        name,
        $schema: '../../node_modules/nx/schemas/project-schema.json',
        projectType: 'application',
        sourceRoot: `apps/${name}/src`,
        tags: [],
      },
      undefined,
      2,
    ).replace('"tags": []', '"tags": ["scope:consumer", "type:app", "type:function"]')}\n`,
    'tsconfig.json': `{
  "extends": "../../tsconfig.base.json",
  "include": ["src/**/*.ts", "src/**/*.mts"]
}
`,
    'jest.config.ts': `export default { displayName: '${name}', preset: '../../jest.preset.js' };\n`,
    'src/main.ts': main,
    'src/config.ts': config(policy),
    'src/handler.ts': policy === 'once' ? handlerOfOneType : handlerOfEveryType(policy),
    'src/effect.ts': effect(policy),
    'src/handler.spec.ts': specOf(name, policy),
  };
}

const main = `import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { awsClientConfig, createLogger, createMetrics, systemClock, systemRetry } from '@outbox/function-kit';
import { readConfig } from './config';
import { createHandler } from './handler';

/** Lambda's entry point. */
export const handler = createHandler({
  config: readConfig(process.env),
  dynamodb: new DynamoDBClient(awsClientConfig),
  sqs: new SQSClient(awsClientConfig),
  clock: systemClock,
  retry: systemRetry,
  logger: createLogger(),
  metrics: createMetrics(),
});
`;

function config(policy: ConsumerPolicy): string {
  return `import { readConsumerConfig, type ConsumerConfig } from '@outbox/inbox-dynamodb';

/**
 * Reads the environment of this consumer, which is written for the policy \`${policy}\`.
 * @throws EnvironmentError naming the variable
 */
export function readConfig(variables: Readonly<Record<string, string | undefined>>): ConsumerConfig {
  return readConsumerConfig(variables, '${policy}');
}
`;
}

const handlerOfOneType = `import { createConsumer, recogniserOf, type ConsumerHandler, type ConsumerPorts } from '@outbox/inbox-dynamodb';
import { order } from '@outbox/orders-events';
import { effectOf } from './effect';

/** One effect per created order, whatever is delivered and how often. */
export function createHandler(ports: ConsumerPorts): ConsumerHandler {
  return createConsumer(ports, { recognise: recogniserOf([order.Created]), effect: effectOf });
}
`;

function handlerOfEveryType(policy: 'in-order' | 'latest'): string {
  const what = {
    'in-order': 'One effect per change of an order, in the order of the changes.',
    latest: 'The newest state of each order.',
  };
  return `import { createConsumer, recogniserOf, type ConsumerHandler, type ConsumerPorts } from '@outbox/inbox-dynamodb';
import { order } from '@outbox/orders-events';
import { effectOf } from './effect';

/** ${what[policy]} */
export function createHandler(ports: ConsumerPorts): ConsumerHandler {
  return createConsumer(ports, { recognise: recogniserOf(order.eventTypes), effect: effectOf });
}
`;
}

function effect(policy: ConsumerPolicy): string {
  const type = policy === 'once' ? 'OrderCreated' : 'OrderEvent';
  const when = {
    once: 'what is written once per created order',
    'in-order': 'what is written for each change of an order, in order',
    latest: 'what is kept of the newest version of an order',
  };
  return `import type { ${type} } from '@outbox/orders-events';
import type { EffectFields } from '@outbox/inbox-dynamodb';

/**
 * The fields of the consumer's item: ${when[policy]}. An API that is called for an event gets the
 * event's \`id\` as its idempotency key, because the call may be repeated.
 */
export function effectOf({ data }: ${type}): EffectFields {
  return { customerId: data.customerId, status: data.status, total: data.total, currency: data.currency };
}
`;
}
