import { eventually } from '@outbox/testing';
import { alarmStates, eventuallyAlarms, eventuallyHealthy } from '../support/alarms';
import { cloud } from '../support/local-cloud';
import { follow, runbookOf, type Runbook } from '../support/runbook';
import { queueName, readStack } from '../support/stack';
import { consumerScenarios } from './consumers';
import { pipelineScenarios } from './pipeline';
import { MINUTE_MS, type Scenario } from './scenario';

const stack = readStack();
const scenarios = [...consumerScenarios, ...pipelineScenarios];
/** Alarms of one hour's datapoint also look at the hours before it, when the last one has none. */
const HOURS_MS = 6 * 60 * MINUTE_MS;

/** Whoever is called for an alarm does what its section of docs/runbooks/alarms.md shows, and the alarm goes off. */
describe('the runbook of alarms', () => {
  beforeAll(() => {
    // The gate repeats such a line: what was not run must not look like what passed.
    for (const { alarms, unseen } of scenarios) {
      if (unseen !== undefined) process.stderr.write(`not run: of ${alarms.join(', ')}, ${unseen}\n`);
    }
  });

  afterEach(async () => {
    // Before the hours pass: what is done after them counts as late for an hour more.
    await expectNothingWaits();
    await cloud.advance(HOURS_MS);
  });

  it.each(scenarios)(
    'is followed when $trouble: $alarms',
    async (scenario) => {
      const names = scenario.alarms.map(alarm);
      const placeholders = { '<prefix>': prefix(), ...scenario.placeholders };
      const runbooks = await Promise.all(names.map(runbookOf));
      const commands = runbooks.flatMap(({ look, act }) => [...look, ...act]).join('\n');
      for (const word of Object.keys(scenario.placeholders ?? {})) expect(commands).toContain(word);
      await eventuallyHealthy(stack);
      const mend = await scenario.cause(stack);
      try {
        await scenario.builds?.(stack);
        await expectAlarms(names, scenario);
        const told = runbooks.flatMap(({ look }) => look).map((command) => follow(command, placeholders));
        expect(told.join('\n')).toMatch(scenario.shows);
      } finally {
        await mend();
      }
      for (const command of runbooks.flatMap(({ act }) => act)) follow(command, placeholders);
      if (scenario.clearsWithin === 'hours') await cloud.advance(HOURS_MS);
      await eventuallyAlarms(Object.fromEntries(names.map((name) => [name, 'OK'])));
    },
    300_000,
  );

  it('is followed for every section', async () => {
    const caused = scenarios.flatMap(({ alarms }) => alarms.map(alarm));
    const sections = async (names: readonly string[]): Promise<readonly string[]> => {
      const runbooks: readonly Runbook[] = await Promise.all(names.map(runbookOf));
      return [...new Set(runbooks.map(({ section }) => section))].sort();
    };
    expect(await sections(caused)).toEqual(await sections(Object.values(stack.alarm_names)));
  });
});

/** Waits until each alarm was on, at the same time or one after the other. */
async function expectAlarms(names: readonly string[], { stepMs = MINUTE_MS, meanwhile }: Scenario): Promise<void> {
  const silent = new Set(names);
  await eventually(
    async () => {
      await meanwhile?.(stack);
      await cloud.advance(stepMs);
      for (const [name, state] of Object.entries(await alarmStates(names))) if (state === 'ALARM') silent.delete(name);
      expect([...silent]).toEqual([]);
    },
    { timeoutMs: 120_000, intervalMs: 250 },
  );
}

/** Waits until every consumer and the acknowledger have done what is in their queues. */
async function expectNothingWaits(): Promise<void> {
  const handlers = [...Object.values(stack.consumers), stack.acknowledger];
  await eventually(
    async () => {
      // Not while a function works: its messages would come again.
      expect(await cloud.runningInvocations()).toEqual({});
      await cloud.advance(MINUTE_MS);
      const waiting = handlers.map(({ queue_url: url }) => cloud.messages(queueName(url)));
      expect((await Promise.all(waiting)).flat()).toEqual([]);
    },
    { timeoutMs: 60_000, intervalMs: 250 },
  );
}

function alarm(key: string): string {
  const name = stack.alarm_names[key];
  if (name === undefined) throw new Error(`the stack has no alarm ${key}`);
  return name;
}

function prefix(): string {
  return stack.unhealthy_alarm_name.replace(/-unhealthy$/, '');
}
