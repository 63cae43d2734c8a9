import { consumer, type Consumer } from '@outbox/inbox-dynamodb';
import { defineAggregate, type EventEnvelope } from '@outbox/outbox-envelope';
import { createMemoryOutbox, type MemoryOutbox } from '@outbox/outbox-testing';
import { createSeededIds, recordingTelemetry, busEnvelope, sqsRecord } from '@outbox/testing';
import * as z from 'zod/mini';
import { deliver } from './deliver';

const parcel = defineAggregate('parcel', { events: { Moved: { v1: z.object({ place: z.string() }) } } });
const POISON = 'p-5';
const policies = ['once', 'in-order', 'latest'] as const;
/** Of the two poison events: under `in-order` the second waits for the first, under `latest` the first isn't begun any more. */
const REASONS = { once: ['attempts', 'attempts'], 'in-order': ['attempts', 'held'], latest: ['attempts'] } as const;
type PolicyName = (typeof policies)[number];

/** A consumer in each form that throws at everything about one parcel. */
const forms: Readonly<Record<string, (policy: PolicyName) => Consumer>> = {
  effect: (policy) =>
    consumer({ name: 'spec', policy, on: parcel, effect: ({ subject, data }) => (refuse(subject), data) }),
  complete: (policy) =>
    consumer({
      name: 'spec',
      policy,
      on: parcel,
      complete: async ({ subject, data }) => (refuse(subject), { record: data }),
    }),
  call: (policy) =>
    consumer({ name: 'spec', policy, on: parcel, callTimeout: '5s', call: ({ subject }) => refuse(subject) }),
};
const cases = policies.flatMap((policy) => Object.keys(forms).map((form) => [policy, form] as const));

function refuse(subject: string): void {
  if (subject === POISON) throw new Error('poison');
}

/** Ten parcels with two events each. */
async function parcels(): Promise<MemoryOutbox> {
  const outbox = createMemoryOutbox({ source: 'parcels' });
  for (let number = 0; number < 10; number += 1) {
    for (const [after, place] of ['depot', 'door'].entries()) {
      await outbox.commit({ aggregate: parcel, id: `p-${number}`, after, events: [parcel.Moved({ place })] });
    }
  }
  return outbox;
}

/** Requests that fail, some minutes long. */
const OUTAGE = 300;

const isPoison = ({ subject }: EventEnvelope): boolean => subject === POISON;

describe('a poison event', () => {
  it.each(cases)('leaves the nine others of its batch done at once (%s, %s)', async (policy, form) => {
    const outbox = await parcels();
    const batch = outbox.events().filter(({ sequence }) => sequence === '1');
    const { handle, hidden } = invocations(formOf(form, policy), outbox);
    expect(await handle(batch)).toEqual(batch.filter(isPoison).map(({ id }) => id));
    // The first attempt failed: it is back in seconds, not when the queue's visibility timeout is over.
    expect(hidden).toEqual([2]);
    // Whatever comes again of the nine is done already.
    const again = batch.filter((event) => !isPoison(event));
    const { counted, handle: second } = invocations(formOf(form, policy), outbox);
    expect(await second(again)).toEqual([]);
    expect(counted).toEqual({ Duplicates: 9 });
  });

  it.each(cases)('holds its own aggregate and no other, until it is set aside (%s, %s)', async (policy, form) => {
    const outbox = await parcels();
    const { completed, deadLetters } = await deliver(formOf(form, policy), outbox.events(), { outbox });
    const done = new Set(completed.map(({ eventId }) => eventId));
    // Under `latest` the newest is kept.
    const expected = outbox.events().filter(({ sequence }) => policy !== 'latest' || sequence === '2');
    expect(done).toEqual(new Set(expected.filter((event) => !isPoison(event)).map(({ id }) => id)));
    expect(new Set(deadLetters.map(({ event }) => event.subject))).toEqual(new Set([POISON]));
    expect(deadLetters.map(({ reason }) => reason)).toEqual(REASONS[policy]);
  });
});

describe('an outage of DynamoDB', () => {
  const failures = [
    ['throttles', 'ThrottlingException'],
    ['answers nothing', 'TimeoutError'],
  ] as const;

  it.each(policies.flatMap((policy) => failures.map(([what, name]) => [what, policy, name] as const)))(
    'that %s uses up no attempts (%s)',
    async (_, policy, name) => {
      const outbox = await parcels();
      const events = outbox.events().filter((event) => !isPoison(event));
      let requests = 0;
      const { middlewareStack } = outbox.memory.client;
      middlewareStack.add(
        (next) => (args) => {
          requests += 1;
          return requests <= OUTAGE ? Promise.reject(Object.assign(new Error('busy'), { name })) : next(args);
        },
        { step: 'initialize', name: 'outage' },
      );
      // One failed attempt would be one too many.
      const variables = { MAX_ATTEMPTS: '1' };
      const { completed, deadLetters } = await deliver(formOf('call', policy), events, { outbox, variables });
      middlewareStack.remove('outage');
      expect(requests).toBeGreaterThan(OUTAGE);
      expect([completed.length, deadLetters]).toEqual([policy === 'latest' ? 9 : 18, []]);
    },
  );
});

function formOf(form: string, policy: PolicyName): Consumer {
  const make = forms[form];
  if (!make) throw new Error(`there is no form ${form}`);
  return make(policy);
}

/** Single invocations of a consumer: what each reports as failed, by event, and for how many seconds it hides what. */
function invocations(handler: Consumer, outbox: MemoryOutbox) {
  outbox.memory.addTable('spec-inbox', ['pk', 'sk']);
  const hidden: unknown[] = [];
  const telemetry = recordingTelemetry();
  const handle = handler.using({
    variables: {
      CONSUMER_NAME: 'spec',
      CONSUMER_POLICY: handler.definition.policy,
      CONSUMER_TABLE_NAME: 'spec-inbox',
      QUEUE_URL: 'queue',
      DLQ_URL: 'dlq',
      INBOX_RETENTION_DAYS: '45',
      LAG_OBJECTIVE_SECONDS: '60',
      IN_ORDER_START: 'beginning',
      PARK_BUDGET_SECONDS: '3600',
    },
    dynamodb: outbox.memory.client,
    sqs: {
      send: async ({ input }: { readonly input: { readonly VisibilityTimeout?: number } }) =>
        void hidden.push(input.VisibilityTimeout),
    } as never,
    outbox,
    clock: { now: () => Date.UTC(2026, 0, 1, 12) },
    ids: createSeededIds(1),
    retry: { random: () => 0, sleep: () => Promise.resolve() },
    ...telemetry,
  });
  return {
    ...telemetry,
    hidden,
    handle: async (events: readonly EventEnvelope[]): Promise<string[]> => {
      const Records = events.map((event) => sqsRecord(busEnvelope(event), { messageId: event.id }));
      const { batchItemFailures } = await handle({ Records }, { getRemainingTimeInMillis: () => 30_000 });
      return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    },
  };
}
