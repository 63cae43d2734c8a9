import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateQueueCommand, DeleteQueueCommand, GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { eventOf, eventually } from '@outbox/testing';
import { buryEvents } from '../support/dead-letters';
import { cloud } from '../support/local-cloud';
import { outboxctl } from '../support/orders';
import { aws } from '../support/stack';
import { root } from '../support/target';

const CONSUMER = 'made-up';
const COUNT = 2_000;

describe('outboxctl dlq redrive of 2,000 that is killed half-way', () => {
  const folder = mkdtempSync(join(tmpdir(), 'redrive-killed-'));
  const file = join(folder, 'stack.json');
  const verb = (...words: string[]): string[] => ['--stack', file, 'dlq', ...words];
  let [queue, dlq] = ['', ''];

  beforeAll(async () => {
    [queue = '', dlq = ''] = await Promise.all([CONSUMER, `${CONSUMER}-dlq`].map(create));
    writeFileSync(file, JSON.stringify({ stack: { value: stackOf(queue, dlq) } }));
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await Promise.all([queue, dlq].map((QueueUrl) => aws.sqs.send(new DeleteQueueCommand({ QueueUrl }))));
  });

  it('loses nothing and hides nothing: the next run does the rest', async () => {
    await buryEvents(dlq, made(COUNT));

    const run = spawn(`${root}/apps/outboxctl/bin/outboxctl`, verb('redrive', CONSUMER), { stdio: 'ignore' });
    const ended = once(run, 'exit');
    await eventually(async () => expect(await depthOf(queue)).toBeGreaterThan(COUNT / 4), {
      timeoutMs: 60_000,
      intervalMs: 20,
    });
    run.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
    const left = await depthOf(dlq);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(COUNT);

    // As long as what it had received stays hidden.
    await cloud.advance(30_000);
    expect(outboxctl(verb('list'), [1]).stdout).toBe(`${CONSUMER}  ${left} dead: ${left} gap\n`);
    expect(JSON.parse(outboxctl(['--json', ...verb('redrive', CONSUMER)]).stdout)).toMatchObject({
      redriven: left,
      returned: 0,
    });
    expect(await depthOf(dlq)).toBe(0);
    const sent = await depthOf(queue);
    // At most the one batch that was sent and not yet deleted is there twice.
    expect(sent).toBeGreaterThanOrEqual(COUNT);
    expect(sent).toBeLessThanOrEqual(COUNT + 10);
  });
});

async function create(QueueName: string): Promise<string> {
  return (await aws.sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl ?? '';
}

/** A stack of one consumer, which nobody runs. */
function stackOf(queue_url: string, dlq_url: string) {
  const consumer = { queue_url, dlq_url, function_name: '', table_name: '', policy: 'in-order', on: { parcel: [] } };
  return {
    ...{ aggregate_types: ['parcel'], event_source: 'parcels', event_bus_name: '', outbox_table_name: '' },
    ...{ pipe_name: '', consumers: { [CONSUMER]: consumer } },
  };
}

function made(count: number) {
  const draft = { aggregatetype: 'parcel', type: 'ParcelRegistered', dataschema: 'urn:x', data: {} };
  return Array.from({ length: count }, (_, index) => ({
    reason: 'gap',
    detail: 'made up',
    event: { ...eventOf(draft, { subject: `p-${index}` }), id: `e-${index}`, source: 'parcels' },
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
