import { join } from 'node:path';
import { parsePlan } from '../../plan/plan-json.ts';
import { keptData } from '../../plan/policy/kept-data.ts';
import type { Check } from '../gate/stage.ts';
import { silently } from '../progress.ts';
import type { Settings } from '../settings.ts';
import type { LocalTerraform } from '../terraform.ts';
import { startClients } from '../order-clients.ts';
import { unreconciled } from '../own-stack.ts';

const ordersBefore = 20;

/**
 * Customers place and confirm orders on the stack that `before` has applied, while `after` is applied to it: nothing that
 * holds data is replaced, no request refused, no event lost, and Terraform has nothing left to do.
 */
export async function changeUnderLoad(
  settings: Settings,
  before: LocalTerraform,
  after: LocalTerraform,
): Promise<readonly Check[]> {
  const clients = startClients(await before.output('api_endpoint'));
  await clients.placed(ordersBefore);

  await after.init();
  const planned = parsePlan(await after.plan(join(settings.localDirectory, 'change.tfplan')));
  const lost = keptData([]).check([], {}, planned);
  await after.apply(silently);
  const report = await clients.stop();
  const found = await unreconciled(settings, after.environment);
  const left = parsePlan(await after.plan(join(settings.localDirectory, 'after.tfplan')));
  const pending = (left.resource_changes ?? []).filter(
    ({ change }) => !['no-op', 'read'].includes(change.actions.join()),
  );
  return [
    {
      name: 'nothing that holds data is replaced',
      problem: lost.map(({ address, problem }) => `${address} ${problem}`).join('\n'),
    },
    { name: `${report.placed} orders and ${report.changed} changes are accepted`, problem: report.refused.join('\n') },
    { name: 'every event is done by every consumer, once', problem: found ?? '' },
    { name: 'plan after apply is empty', problem: pending.map(({ address }) => address).join('\n') },
  ];
}
