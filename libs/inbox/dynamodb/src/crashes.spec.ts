import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createMemoryDynamoDb } from '@outbox/outbox-testing';
import { createSeededIds, createTable, recordingTelemetry, startDynamoDb, type SpecDynamoDb } from '@outbox/testing';
import type { Policy } from '@outbox/inbox-rules';
import type { Settled } from './inbox';
import { CallLab, IN_ORDER, TABLES, type Disturb } from './testing/call-lab';

let local: SpecDynamoDb;
beforeAll(async () => {
  local = await startDynamoDb();
  for (const table of Object.values(TABLES)) await createTable(local.client, table);
}, 40_000);
afterAll(() => local.stop());

/** What happens at one step of a delivery: the process dies before or after it, or its answer is lost. */
const FAULTS = ['dies before', 'dies after', 'loses the answer of'] as const;
type Fault = (typeof FAULTS)[number];

/** The process is gone: nothing that it would have done is done any more. */
class DiedError extends Error {
  override readonly name = 'DiedError';
}

/** The memory that a service's specs use is held to what DynamoDB does. */
const memory = createMemoryDynamoDb(Object.fromEntries(Object.values(TABLES).map((name) => [name, ['pk', 'sk']])));

describe.each(['DynamoDB', 'the memory'])('over %s', (store) => {
  describe.each<[string, Policy, 'call' | 'complete']>([
    ['once, call', { kind: 'once' }, 'call'],
    ['in-order, call', IN_ORDER, 'call'],
    ['latest, call', { kind: 'latest' }, 'call'],
    ['once, complete alone', { kind: 'once' }, 'complete'],
    ['in-order, complete alone', IN_ORDER, 'complete'],
  ])('a delivery under %s', (name, policy, form) => {
    let runs = 0;
    const lab = () =>
      new CallLab(`${name}-${(runs += 1)}`.replace(/[^a-z0-9]+/g, '-'), {
        dynamodb: store === 'DynamoDB' ? (local.client as DynamoDBClient) : memory.client,
        ids: createSeededIds(runs),
        logger: recordingTelemetry().logger,
        policy,
        form,
      });

    it('completes an event once, with one set of emitted events and one key outside, whatever step it fails at', async () => {
      const steps: string[] = [];
      await lab().deliver(1, (_count, what, perform) => {
        steps.push(what);
        return perform();
      });
      expect(steps).toEqual(STEPS[name]);

      const faults = FAULTS.flatMap((fault) => [...steps.entries()].map(([index, step]) => ({ fault, index, step })));
      // Only what has an item of its own is taken for new: a copy finds out by the condition of its first write.
      for (const isCopied of policy.kind === 'once' ? [false, true] : [false]) {
        for (const { fault, index, step } of faults) {
          const world = lab();
          const outcomes = await deliverUntilDone(world, faultAt(index + 1, fault), isCopied);
          const where = `${fault} step ${index + 1}, ${step}${isCopied ? ', then come copies' : ''}`;
          expect({ where, last: outcomes.at(-1) }).toEqual({
            where,
            last: expect.stringMatching(/^(apply|done)$/),
          });
          const completed = (await world.rows()).filter(({ status }) => status === 'completed');
          expect({ where, completed }).toEqual({
            where,
            completed: [expect.objectContaining({ eventId: `${world.id}-1`, effect: { madeOf: `${world.id}-1` } })],
          });
          expect({ where, pending: await world.pending() }).toEqual({ where, pending: undefined });
          expect({ where, emitted: (await world.emitted()).length }).toEqual({ where, emitted: 2 });
          expect({ where, counted: await world.counted() }).toEqual({ where, counted: 1 });
          expect({ where, keys: new Set(world.keys).size }).toEqual({ where, keys: form === 'call' ? 1 : 0 });
          expect(world.keys.length).toBeLessThanOrEqual(2);
        }
      }
    }, 60_000);
  });
});

const STEPS: Readonly<Record<string, readonly string[]>> = {
  'once, call': ['UpdateItemCommand', 'call', 'GetItemCommand', 'TransactWriteItemsCommand'],
  'in-order, call': ['GetItemCommand', 'UpdateItemCommand', 'call', 'GetItemCommand', 'TransactWriteItemsCommand'],
  'latest, call': ['GetItemCommand', 'UpdateItemCommand', 'call', 'GetItemCommand', 'TransactWriteItemsCommand'],
  'once, complete alone': ['GetItemCommand', 'TransactWriteItemsCommand'],
  'in-order, complete alone': ['GetItemCommand', 'GetItemCommand', 'TransactWriteItemsCommand'],
};

/** The fault happens once, in the first delivery that gets there. */
function faultAt(step: number, fault: Fault): () => Disturb {
  let isDone = false;
  return () => {
    let isDead = false;
    return async (count, what, perform) => {
      if (isDead) throw new DiedError();
      if (isDone || count !== step) return perform();
      isDone = true;
      if (fault === 'dies before') {
        isDead = true;
        throw new DiedError();
      }
      await perform();
      if (fault === 'loses the answer of') throw lostAnswer(what);
      isDead = true;
      throw new DiedError();
    };
  };
}

function lostAnswer(what: string): Error {
  return what === 'call'
    ? new Error('socket hang up')
    : Object.assign(new Error('the connection broke'), { name: 'InternalServerError' });
}

/** SQS delivers until the message is forgotten; each time as late as its visibility says. */
async function deliverUntilDone(world: CallLab, disturb: () => Disturb, isCopied: boolean): Promise<string[]> {
  const outcomes: string[] = [];
  for (let delivery = 1; delivery <= 10; delivery += 1) {
    let settled: Settled | undefined;
    try {
      settled = await world.deliver(1, disturb(), { receipt: { receives: isCopied ? 1 : delivery } });
    } catch (error) {
      if (!(error instanceof DiedError)) throw error;
    }
    outcomes.push(settled?.kind ?? 'died');
    if (settled?.kind === 'apply' || settled?.kind === 'done') return outcomes;
    world.now += settled && 'visibilitySeconds' in settled ? settled.visibilitySeconds * 1_000 : 180_000;
  }
  return outcomes;
}
