import { DeleteFunctionConcurrencyCommand, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { eventually } from '@outbox/testing';
import { breakFunction, changeVariable, replaceCode } from '../support/function-code';
import { cloud } from '../support/local-cloud';
import { startConsumer, stopConsumer } from '../support/mappings';
import { placeOrder } from '../support/orders';
import { takePolicies } from '../support/queue-policies';
import { aws, consumerOf, queueName, type Stack } from '../support/stack';
import { MINUTE_MS, nothingElse, type Mend, type Scenario } from './scenario';

const LONGER_THAN_ANY_LAG_MS = 7 * MINUTE_MS;

/** What may be wrong with one consumer. */
export const consumerScenarios: readonly Scenario[] = [
  {
    trouble: 'the policies of both queues of a consumer are gone',
    alarms: ['order-view-rule-lost'],
    shows: /aggregates, .* lost/,
    unseen:
      'that `reconcile` finds and repairs what is lost: it judges by this machine’s time, the events are of the clock that was moved (apps/e2e/src/operate/repair.spec.ts shows it)',
    clearsWithin: 'hours',
    cause: (stack) => afterOrder(stack, takePolicies(consumerOf(stack, 'order-view'), ['queue_url', 'dlq_url'])),
  },
  {
    trouble: 'the policy of a consumer’s queue is gone',
    alarms: ['order-view-rule-failed'],
    placeholders: { CONSUMER: 'order-view' },
    shows: /NO_PERMISSIONS/,
    clearsWithin: 'minutes',
    cause: (stack) => afterOrder(stack, takePolicies(consumerOf(stack, 'order-view'), ['queue_url'])),
  },
  {
    trouble: 'every attempt of a consumer fails',
    alarms: ['fulfilment-failing'],
    placeholders: { CONSUMER: 'fulfilment' },
    // Attempts of one minute.
    stepMs: 1_000,
    // The stack leads from the minified bundle to the source.
    shows: /fetch failed[^]*apps\/fulfilment\/src\/carrier\.ts:\d+/,
    clearsWithin: 'minutes',
    cause: (stack) => afterOrder(stack, withoutCarrier(stack)),
  },
  {
    trouble: 'every attempt of a consumer fails for minutes',
    alarms: ['fulfilment-lag'],
    placeholders: { CONSUMER: 'fulfilment' },
    shows: /event failed, and is tried again/,
    clearsWithin: 'minutes',
    cause: (stack) => afterOrder(stack, withoutCarrier(stack)),
  },
  {
    trouble: 'a consumer stands still',
    alarms: ['notifications-stalled'],
    placeholders: { CONSUMER: 'notifications' },
    shows: /Disabled/,
    clearsWithin: 'minutes',
    async cause(stack) {
      await stopConsumer(stack, 'notifications');
      await placeOrder(stack);
      return nothingElse;
    },
  },
  {
    trouble: 'a consumer’s function throws',
    alarms: ['notifications-errors'],
    placeholders: { CONSUMER: 'notifications' },
    shows: /broken on purpose/,
    clearsWithin: 'minutes',
    cause: (stack) => afterOrder(stack, breakFunction(consumerOf(stack, 'notifications').function_name)),
  },
  {
    trouble: 'every attempt of a consumer fails for hours, and somebody sends it what is no event',
    alarms: ['fulfilment-dlq'],
    placeholders: { CONSUMER: 'fulfilment' },
    shows: /attempts.*fetch failed[^]*malformed|malformed[^]*attempts.*fetch failed/,
    clearsWithin: 'minutes',
    async cause(stack) {
      const { queue_url: QueueUrl } = consumerOf(stack, 'fulfilment');
      await aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'not json' }));
      // Before time is moved: past its visibility timeout the message would be delivered, and set aside, again.
      await eventually(async () => expect(await cloud.messages(queueName(QueueUrl))).toEqual([]), {
        timeoutMs: 60_000,
      });
      return afterOrder(stack, withoutCarrier(stack));
    },
    async builds(stack) {
      const { dlq_url: dlq } = consumerOf(stack, 'fulfilment');
      // Twenty attempts, half an hour between the last ones.
      await eventually(
        async () => {
          await cloud.advance(30 * MINUTE_MS);
          const letters = await cloud.messages(queueName(dlq));
          expect(letters.map(({ attributes }) => attributes['reason'])).toContain('attempts');
        },
        { timeoutMs: 90_000, intervalMs: 500 },
      );
    },
  },
  {
    trouble: 'a consumer has no concurrency',
    alarms: ['order-view-throttles'],
    placeholders: { CONSUMER: 'order-view' },
    shows: /"ReservedConcurrentExecutions": 0/,
    clearsWithin: 'minutes',
    cause: (stack) => afterOrder(stack, takeConcurrency(consumerOf(stack, 'order-view').function_name)),
  },
  {
    trouble: 'a consumer takes nearly as long as it may',
    alarms: ['order-progress-near-timeout'],
    placeholders: { CONSUMER: 'order-progress' },
    shows: /REPORT RequestId.* Duration: 25/,
    clearsWithin: 'minutes',
    async cause(stack) {
      const { function_name: name } = consumerOf(stack, 'order-progress');
      const takeBack = await replaceCode(
        name,
        `await new Promise((resolve) => setTimeout(resolve, 25_000));
         return { batchItemFailures: event.Records.map(({ messageId }) => ({ itemIdentifier: messageId })) };`,
      );
      await placeOrder(stack);
      return takeBack;
    },
    async builds(stack) {
      const { function_name: name } = consumerOf(stack, 'order-progress');
      // It takes so long by this machine's time: the clock mustn't be moved meanwhile.
      await eventually(async () => expect(await runs(name)).toBe(true), { timeoutMs: 30_000 });
      await eventually(async () => expect(await runs(name)).toBe(false), { timeoutMs: 60_000, intervalMs: 250 });
    },
  },
  {
    trouble: 'a consumer was stopped for longer than the objective allows',
    alarms: ['fulfilment-late'],
    shows: /fulfilment-(lag|stalled|late)/,
    clearsWithin: 'hours',
    async cause(stack) {
      await stopConsumer(stack, 'fulfilment');
      await placeOrder(stack);
      await cloud.advance(LONGER_THAN_ANY_LAG_MS);
      await startConsumer(stack, 'fulfilment');
      return nothingElse;
    },
  },
];

/** An order is placed once the cause is there. */
async function afterOrder(stack: Stack, caused: Promise<Mend>): Promise<Mend> {
  const mend = await caused;
  await placeOrder(stack);
  return mend;
}

/** A carrier that nobody reaches. */
function withoutCarrier(stack: Stack): Promise<Mend> {
  return changeVariable(consumerOf(stack, 'fulfilment').function_name, 'CARRIER_URL', 'http://127.0.0.1:1');
}

/** The function may run no longer. */
export async function takeConcurrency(FunctionName: string): Promise<Mend> {
  await aws.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
  return () => aws.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
}

async function runs(functionName: string): Promise<boolean> {
  return Object.keys(await cloud.runningInvocations()).some((arn) => arn.split(':')[6] === functionName);
}
