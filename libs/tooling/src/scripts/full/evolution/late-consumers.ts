import type { Check } from '../../gate/stage.ts';
import { orders } from '../../order-clients.ts';
import { engineTime, outboxctl, unreconciled } from '../../own-stack.ts';
import { silentProgress } from '../../progress.ts';
import type { Settings } from '../../settings.ts';
import { bringUp } from '../../up.ts';
import { whileAtWork } from './at-work.ts';
import { addConsumer } from './edit-sources.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Consumers that are added when there are orders already, where each begins, and so what it makes of an old event. */
const late = [
  { name: 'audit-log', policy: 'in-order', from: 'now', old: 'skipped' },
  { name: 'archivist', policy: 'in-order', from: 'beginning', old: 'done' },
  { name: 'tally', policy: 'once', from: 'now', old: 'skipped' },
] as const;

/** Seconds that a replay of all old events may take. */
const replaySeconds = '600';

/** Consumers that join a stack with old orders; `oldOrder` is one of them. */
export async function lateConsumers(settings: Settings, oldOrder: string): Promise<readonly Check[]> {
  for (const { name, policy } of late) await addConsumer(settings, name, policy);
  const { environment, endpoint } = await deployed(settings);
  const { refused } = await whileAtWork(endpoint, async () => {
    for (const { name, from } of late) await joinLate(settings, environment, name, from);
  });
  const which = late.map(({ name, from }) => `${name} from ${from}`).join(', ');
  const lost = await unreconciled(settings, environment);
  const states = await statesOf(settings, environment, oldOrder);
  return [
    { name: 'orders are accepted while consumers join', problem: refused.join('\n') },
    { name: `consumers that join late (${which}) lack nothing`, problem: lost ?? '' },
    ...late.map(({ name, old }) => ({
      name: `an old event is ${old} at ${name}`,
      problem: states.get(name) === old ? '' : `it is ${states.get(name) ?? 'unknown'} there`,
    })),
    await deadLetters(settings, environment),
  ];
}

/** Has a consumer begin, by the documented command; the second time it changes nothing. */
export async function joinLate(
  settings: Settings,
  environment: Environment,
  name: string,
  from: 'now' | 'beginning',
): Promise<void> {
  const join = ['join', name, '--from', from, '--now', await engineTime(settings)];
  await outboxctl(settings, environment, from === 'now' ? join : [...join, '--wait', replaySeconds]);
  await outboxctl(settings, environment, join);
}

/** Brings the stack up; returns where it is. */
export async function deployed(settings: Settings): Promise<{ environment: Environment; endpoint: string }> {
  const terraform = await bringUp(settings, silentProgress);
  return { environment: terraform.environment, endpoint: await terraform.output('api_endpoint') };
}

/** Places an order, waits until every consumer there is has done it, and returns its id. */
export async function traced(settings: Settings, environment: Environment): Promise<string> {
  const created = await orders(settings, environment, ['create', '--customer', 'c-1', '--item', 'sku-1:2:19.99']);
  const { orderId } = (JSON.parse(created.stdout) as { body: { orderId: string } }).body;
  await outboxctl(settings, environment, ['trace', `order/${orderId}`, '--wait', '120']);
  return orderId;
}

/** What each consumer made of an order's first event. */
async function statesOf(
  settings: Settings,
  environment: Environment,
  orderId: string,
): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await outboxctl(settings, environment, ['trace', `order/${orderId}`], [0, 1]);
  const { events } = JSON.parse(stdout) as {
    events: readonly { consumers: readonly { consumer: string; state: string }[] }[];
  };
  return new Map((events[0]?.consumers ?? []).map(({ consumer, state }) => [consumer, state]));
}

/** That no queue has set anything aside. */
export async function deadLetters(settings: Settings, environment: Environment): Promise<Check> {
  const args = ['lag', '--now', await engineTime(settings)];
  const { stdout } = await outboxctl(settings, environment, args, [0, 1]);
  const { stages } = JSON.parse(stdout) as { stages: readonly { stage: string; deadLetters?: number }[] };
  const problem = stages.flatMap(({ stage, deadLetters: count = 0 }) => (count > 0 ? [`${stage}: ${count}`] : []));
  return { name: 'there are no dead letters', problem: problem.join('\n') };
}
