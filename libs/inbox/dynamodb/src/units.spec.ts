import type { Policy } from '@outbox/inbox-rules';
import {
  createSeededIds,
  createTable,
  recordingTelemetry,
  startDynamoDb,
  unitsOf,
  type SpecDynamoDb,
} from '@outbox/testing';
import type { ConsumedEvent } from './event';
import { createInbox } from './inbox';
import { CallLab, TABLES } from './testing/call-lab';
import { intakeOf, NOW, thingEvent } from './testing/lab';
import type { Work } from './work';

const TABLE = 'units';
const EFFECT: Work<ConsumedEvent> = { kind: 'plain', isPure: true, finish: () => () => ({ record: { made: 'x' } }) };
const IN_ORDER: Policy = { kind: 'in-order', start: 'beginning', parkBudgetSeconds: 60 };

jest.setTimeout(30_000);

let local: SpecDynamoDb;
beforeAll(async () => {
  local = await startDynamoDb();
  for (const name of [...Object.values(TABLES), TABLE]) await createTable(local.client, name);
}, 40_000);
afterAll(() => local.stop());

/** The bill of a consumer: `ITEM_UNITS` in libs/prices. What is more here makes every event dearer. */
describe('the units that a consumer consumes for an event', () => {
  const policies: readonly (readonly [Policy, { readonly read: number; readonly write: number }])[] = [
    [{ kind: 'latest' }, { read: 0, write: 1 }],
    [{ kind: 'once' }, { read: 0, write: 1 }],
    // Head and record in one transaction, after a look at the head.
    [IN_ORDER, { read: 1, write: 4 }],
  ];

  it.each(policies)('are one conditional write of an effect, and a transaction in order: %j', async (policy, units) => {
    const inbox = createInbox<ConsumedEvent>({
      dynamodb: local.client,
      tableName: TABLE,
      policy,
      name: 'spec',
      work: EFFECT,
      ids: createSeededIds(),
      logger: recordingTelemetry().logger,
      retentionDays: 45,
      maxAttempts: 20,
      clock: { now: () => NOW },
      retry: { random: () => 0.5, sleep: () => Promise.resolve() },
    });
    const settle = (version: number) => () => inbox.settle(intakeOf(thingEvent(policy.kind, version)), () => 30_000);
    expect(await unitsOf(local.client, settle(1))).toEqual(units);
    expect(await unitsOf(local.client, settle(2))).toEqual(units);
    // A copy is known by the failed condition, or by a look.
    expect((await unitsOf(local.client, settle(2))).write).toBe(0);
  });

  it('are a claim and a transaction where it calls the outside, writes a state and emits two events', async () => {
    const logger = recordingTelemetry().logger;
    const world = new CallLab('units', { dynamodb: local.client, ids: createSeededIds(), logger });
    const { read, write } = await unitsOf(local.client, () => world.deliver());
    // Record, state, both events and head: twice; the claim before. This table of an outbox has no index.
    expect({ read, write }).toEqual({ read: 1, write: 11 });
  });
});
