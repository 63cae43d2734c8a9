import { join } from 'node:path';
import { parsePlan } from '../../../plan/plan-json.ts';
import { isBroken, judge } from '../../../plan/policy/judge.ts';
import type { Check } from '../../gate/stage.ts';
import { outboxctl, unreconciled } from '../../own-stack.ts';
import type { Settings } from '../../settings.ts';
import type { LocalTerraform } from '../../terraform.ts';
import { whileAtWork } from './at-work.ts';
import { addConsumer, changePolicy, removeConsumer } from './edit-sources.ts';
import { deadLetters, deployed, joinLate } from './late-consumers.ts';

/** The consumer whose policy is to be another, as it is, and what stands in its place then. */
const before = { name: 'tally', policy: 'once' } as const;
const after = { name: 'tally-in-turn', policy: 'in-order' } as const;

/** A consumer whose policy changes: not in place, but by another one that joins; then the old one is removed. */
export async function changeConsumers(settings: Settings, terraform: LocalTerraform): Promise<readonly Check[]> {
  await changePolicy(settings, before.name, before.policy, after.policy);
  const inPlace = await brokenRules(settings, terraform, []);
  await changePolicy(settings, before.name, after.policy, before.policy);

  await addConsumer(settings, after.name, after.policy);
  const { environment, endpoint } = await deployed(settings);
  const joining = await whileAtWork(endpoint, () => joinLate(settings, environment, after.name, 'now'));

  await removeConsumer(settings, before.name);
  const loss = [`module.consumers["${before.name}"]`];
  const unsaid = await brokenRules(settings, terraform, []);
  const said = await brokenRules(settings, terraform, loss);
  const removing = await whileAtWork(endpoint, () => deployed(settings));
  const left = await outboxctl(settings, environment, ['lag'], [0, 1]);
  return [
    { name: 'a policy that changes in place is refused', problem: expected(inPlace, ['kept-policy']) },
    { name: 'a consumer that is removed is refused', problem: expected(unsaid, ['kept-data']) },
    { name: 'its loss can be accepted', problem: expected(said, []) },
    { name: 'it is gone', problem: left.stdout.includes(`"${before.name}"`) ? left.stdout : '' },
    {
      name: 'orders are accepted while a consumer takes the place of another',
      problem: [...joining.refused, ...removing.refused].join('\n'),
    },
    {
      name: `${after.name} takes the place of ${before.name}: nothing is lost`,
      problem: (await unreconciled(settings, environment)) ?? '',
    },
    await deadLetters(settings, environment),
  ];
}

/** The rules that a plan of the repository as it stands breaks, as `make plan-summary` judges it. */
async function brokenRules(
  settings: Settings,
  terraform: LocalTerraform,
  accepted: readonly string[],
): Promise<readonly string[]> {
  const plan = parsePlan(await terraform.plan(join(settings.localDirectory, 'evolution.tfplan')));
  return judge(plan, accepted)
    .filter(isBroken)
    .map(({ rule }) => rule.name);
}

function expected(broken: readonly string[], names: readonly string[]): string {
  return broken.join() === names.join() ? '' : `rules that it breaks: ${broken.join() || 'none'}`;
}
