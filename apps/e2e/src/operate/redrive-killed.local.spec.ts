import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { GetQueueAttributesCommand, PurgeQueueCommand } from '@aws-sdk/client-sqs';
import { eventOf, eventually } from '@outbox/testing';
import { buryEvents, emptied } from '../support/dead-letters';
import { cloud } from '../support/local-cloud';
import { startConsumer, stopConsumer } from '../support/mappings';
import { outboxctl } from '../support/orders';
import { aws, consumerOf, readStack } from '../support/stack';
import { root } from '../support/target';

const stack = readStack();
const CONSUMER = 'order-view';
const COUNT = 2_000;

describe('outboxctl dlq redrive of 2,000 that is killed half-way', () => {
  const { queue_url: queue, dlq_url: dlq } = consumerOf(stack, CONSUMER);

  afterAll(async () => {
    // What was sent is made up: nobody is to do it.
    await aws.sqs.send(new PurgeQueueCommand({ QueueUrl: queue }));
    await startConsumer(stack, CONSUMER);
  });

  it('loses nothing and hides nothing: the next run does the rest', async () => {
    await stopConsumer(stack, CONSUMER);
    await emptied(dlq);
    const waiting = await depthOf(queue);
    await buryEvents(dlq, made(COUNT));

    const run = spawn(`${root}/apps/outboxctl/bin/outboxctl`, ['dlq', 'redrive', CONSUMER], { stdio: 'ignore' });
    const ended = once(run, 'exit');
    await eventually(async () => expect(await depthOf(queue)).toBeGreaterThan(waiting + COUNT / 4), {
      timeoutMs: 30_000,
      intervalMs: 20,
    });
    run.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
    const left = await depthOf(dlq);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(COUNT);

    // As long as what it had received stays hidden.
    await cloud.advance(30_000);
    expect(outboxctl(['dlq', 'list'], [1]).stdout).toMatch(new RegExp(`^${CONSUMER} +${left} dead: ${left} gap$`, 'm'));
    const [report] = outboxctl(['--json', 'dlq', 'redrive', CONSUMER]).stdout.split('\n');
    expect(JSON.parse(report ?? '')).toMatchObject({ redriven: left, returned: 0 });
    expect(await depthOf(dlq)).toBe(0);
    const sent = (await depthOf(queue)) - waiting;
    // At most the one batch that was sent and not yet deleted is there twice.
    expect(sent).toBeGreaterThanOrEqual(COUNT);
    expect(sent).toBeLessThanOrEqual(COUNT + 10);
  }, 120_000);
});

function made(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    reason: 'gap',
    detail: 'made up',
    event: {
      ...eventOf(
        { aggregatetype: 'order', type: 'OrderCreated', dataschema: 'urn:outbox:event:OrderCreated:v1', data: {} },
        { subject: `made-up-${index}`, sequence: 1 },
      ),
      id: `made-up-${index}`,
      source: 'orders',
    },
  }));
}

/** Messages of a queue, seen or not. */
async function depthOf(QueueUrl: string): Promise<number> {
  const { Attributes = {} } = await aws.sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible);
}
