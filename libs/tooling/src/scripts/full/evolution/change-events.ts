import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Check } from '../../gate/stage.ts';
import { engineTime, outboxctl, unreconciled } from '../../own-stack.ts';
import { silentProgress, silently } from '../../progress.ts';
import type { Settings } from '../../settings.ts';
import type { LocalTerraform } from '../../terraform.ts';
import { bringUp } from '../../up.ts';
import { whileAtWork } from './at-work.ts';
import { changeTheEvents } from './edit-sources.ts';
import { deadLetters } from './late-consumers.ts';

/** Who reads an order's changes, and who writes them. */
const readers = ['notifications', 'order-progress', 'order-view'];
const writers = ['orders-api', 'order-progress'];

/** Which functions stay at, or go back to, the version that knows the old events only. */
const steps: readonly (readonly [what: string, old: readonly string[]])[] = [
  ['writers are deployed before readers', readers.filter((app) => !writers.includes(app))],
  ['all are deployed', []],
  ['readers are taken back', readers],
  ['writers are taken back', writers],
  ['all are taken back', [...readers, ...writers]],
  ['readers are deployed before writers', writers],
  ['all are deployed again', []],
];

/** How long a consumer's failed attempt is waited for. */
const attemptMs = 60_000;

/** A further version of an event and a further event, in every order of deployment. */
export async function changeEvents(settings: Settings, terraform: LocalTerraform): Promise<readonly Check[]> {
  const before = await newestVersions(terraform);
  await changeTheEvents(settings);
  const endpoint = await terraform.output('api_endpoint');
  const checks: Check[] = [];
  let confirmed = '';
  for (const [index, [what, old]] of steps.entries()) {
    await hold(settings, before, old);
    const { placed, changed, refused, lastChanged } = await whileAtWork(endpoint, () =>
      index === 0 ? bringUp(settings, silentProgress) : terraform.apply(silently),
    );
    checks.push({ name: `${what}: ${placed} orders and ${changed} changes are accepted`, problem: refused.join('\n') });
    if (index === 0) {
      checks.push(await readersHold(settings, terraform));
      confirmed = lastChanged ?? '';
    }
  }
  const now = await newestVersions(terraform);
  const same = [...readers, ...writers].filter((app) => before[app] === now[app]);
  const lost = await unreconciled(settings, terraform.environment);
  return [
    { name: 'there are two versions of each function', problem: same.join() },
    ...checks,
    { name: `nothing is lost while ${steps.map(([what]) => what).join(', ')}`, problem: lost ?? '' },
    await deadLetters(settings, terraform.environment),
    await hasEvent(settings, terraform, confirmed, 'OrderConfirmed'),
  ];
}

/** Has some functions run the version of before, and all others the newest. */
function hold(settings: Settings, before: Versions, apps: readonly string[]): Promise<void> {
  const shifts = apps.map((app) => [app, { from_version: before[app], weight: 0 }] as const);
  return writeFile(
    join(settings.root, 'terraform', 'evolution.auto.tfvars.json'),
    JSON.stringify({ gradual_shift: Object.fromEntries(shifts) }),
  );
}

/** That a consumer got the new version and can't read it: else this suite would deploy nothing that matters. */
async function readersHold(settings: Settings, { environment }: LocalTerraform): Promise<Check> {
  const name = 'old readers try again what they can’t read';
  const deadline = Date.now() + attemptMs;
  let seen = '';
  while (Date.now() < deadline) {
    const args = ['reconcile', '--grace', '0', '--now', await engineTime(settings)];
    seen = (await outboxctl(settings, environment, args, [0, 1])).stdout;
    if (/"queued".*"notifications".*can't read the schema version of OrderUpdated/.test(seen)) {
      return { name, problem: '' };
    }
  }
  return { name, problem: `nothing is queued at notifications for its version:\n${seen}` };
}

async function hasEvent(
  settings: Settings,
  { environment }: LocalTerraform,
  orderId: string,
  type: string,
): Promise<Check> {
  const { stdout } = await outboxctl(settings, environment, ['trace', `order/${orderId}`], [0, 1]);
  return { name: `a confirmed order has an ${type}`, problem: stdout.includes(`"${type}"`) ? '' : stdout };
}

type Versions = Readonly<Record<string, string>>;

/** The newest version of each function. */
async function newestVersions(terraform: LocalTerraform): Promise<Versions> {
  const outputs = JSON.parse(await terraform.outputs()) as {
    function_versions: { value: Readonly<Record<string, { newest: string }>> };
  };
  return Object.fromEntries(Object.entries(outputs.function_versions.value).map(([app, { newest }]) => [app, newest]));
}
