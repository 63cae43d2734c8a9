import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  type LambdaClient,
} from '@aws-sdk/client-lambda';
import { CreateQueueCommand, GetQueueAttributesCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { setTimeout as delay } from 'node:timers/promises';
import { createFunction } from './create-function.ts';
import type { Clients, Measures } from './emulator.ts';
import { summary, timed } from './timing.ts';

const NAME = 'bench-events';
const ALONE = 100;
const BURST = 500;
/** As many as PutEvents takes at once. */
const ENTRIES = 10;
const READY_MS = 60_000;
const ARRIVAL_MS = 60_000;

/** Tells the bench which events it got, from wherever it runs on this machine. */
const RECEIVER = `exports.handler = async ({ Records }) => {
  const numbers = Records.map(({ body }) => JSON.parse(body).detail.number);
  await fetch(process.env.TOLD, { method: 'POST', body: JSON.stringify(numbers) });
};`;

/** Events from PutEvents over a rule and a queue into a function: one at a time, then all at once. */
export async function measureEventWay(clients: Clients): Promise<Measures> {
  const arrivals = new Arrivals();
  const TOLD = await arrivals.listen();
  try {
    await lead(clients, TOLD);
    const send = async (numbers: readonly number[]): Promise<void> => {
      const Entries = numbers.map((number) => ({
        Source: NAME,
        DetailType: 'measured',
        Detail: JSON.stringify({ number }),
      }));
      const { FailedEntryCount } = await clients.events.send(new PutEventsCommand({ Entries }));
      if (FailedEntryCount) throw new Error(`PutEvents refused ${FailedEntryCount} of ${Entries.length} events`);
    };
    const oneByOne = async (from: number) =>
      timed(ALONE, 1, async (index) => {
        const arrived = arrivals.of(from + index);
        await send([from + index]);
        await arrived;
      });
    // The first ones find everything cold.
    await oneByOne(0);
    const alone = await oneByOne(ALONE);

    const first = 2 * ALONE;
    const started = performance.now();
    const arrived = Array.from({ length: BURST }, async (_, index) => {
      await arrivals.of(first + index);
      return performance.now() - started;
    });
    for (let sent = 0; sent < BURST; sent += ENTRIES) {
      await send(Array.from({ length: ENTRIES }, (_, index) => first + sent + index));
    }
    const burst = summary(await Promise.all(arrived), performance.now() - started);
    return {
      'event → rule → queue → function, one at a time': alone,
      [`event → rule → queue → function, a burst of ${BURST}`]: burst,
    };
  } finally {
    arrivals.close();
  }
}

/** Makes rule, queue, function and mapping. */
async function lead(clients: Clients, TOLD: string): Promise<void> {
  const { events, lambda, sqs } = clients;
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({ QueueName: NAME, Attributes: { VisibilityTimeout: '180' } }),
  );
  const attributes = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const Arn = attributes.Attributes?.['QueueArn'] ?? '';
  const Principal = { Service: 'events.amazonaws.com' };
  const Statement = [{ Effect: 'Allow', Principal, Action: 'sqs:SendMessage', Resource: Arn }];
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  const may = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
  await createFunction(clients, NAME, RECEIVER, may, { TOLD });
  const mapping = { FunctionName: NAME, EventSourceArn: Arn, BatchSize: 10 };
  const { UUID = '' } = await lambda.send(new CreateEventSourceMappingCommand(mapping));
  await untilEnabled(lambda, UUID);
  await events.send(new PutRuleCommand({ Name: NAME, EventPattern: JSON.stringify({ source: [NAME] }) }));
  await events.send(new PutTargetsCommand({ Rule: NAME, Targets: [{ Id: 'queue', Arn }] }));
}

async function untilEnabled(lambda: LambdaClient, UUID: string): Promise<void> {
  const deadline = performance.now() + READY_MS;
  for (;;) {
    const { State } = await lambda.send(new GetEventSourceMappingCommand({ UUID }));
    if (State === 'Enabled') return;
    if (performance.now() > deadline) throw new Error(`the mapping of ${NAME} is still ${State}`);
    await delay(100);
  }
}

/** What the receiving function told, over HTTP on loopback. */
class Arrivals {
  readonly #told = new Map<number, () => void>();
  readonly #server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      for (const number of JSON.parse(text) as readonly number[]) this.#told.get(number)?.();
      response.end();
    });
  });

  async listen(): Promise<string> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Resolves once this event arrives. @throws when it doesn't within a minute */
  async of(number: number): Promise<void> {
    const late = new AbortController();
    const told = new Promise<void>((resolve) => this.#told.set(number, resolve));
    const tooLate = delay(ARRIVAL_MS, undefined, { signal: late.signal }).then(() => {
      throw new Error(`event ${number} did not arrive within ${ARRIVAL_MS / 1000} s`);
    });
    tooLate.catch(() => undefined);
    await Promise.race([told, tooLate]);
    late.abort();
    this.#told.delete(number);
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
