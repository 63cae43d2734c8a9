import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runChaos } from './chaos';
import { newRunName, openTarget, targetOptions, tell, wholeNumber } from './command-line';
import { planFaults, wantedFaults } from './fault-plan';
import { orderWorkload } from './order-workload';
import { render } from './render';

/**
 * `make chaos` calls it with a local cloud that is up; exit code 1 unless no guarantee was broken. `importSource` is the
 * folder of the import job's source.
 */
export async function chaosCommand(args: readonly string[], importSource: string): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...targetOptions,
      seed: { type: 'string' },
      orders: { type: 'string' },
      faults: { type: 'string' },
      concurrency: { type: 'string' },
    },
  });
  const seed = wholeNumber('seed', values.seed, 0);
  const orders = wholeNumber('orders', values.orders, 1);
  const concurrency = wholeNumber('concurrency', values.concurrency, 1);
  const plan = planFaults(orders, wantedFaults(values.faults));
  const runName = newRunName(seed);
  const target = await openTarget(values, importSource, runName);
  const workload = orderWorkload({ ...target, runName });
  const report = await runChaos({ ...target, seed, orders, concurrency, plan, workload, runName, report: tell });
  writeFileSync(join(target.directory, 'report.json'), `${JSON.stringify(report, undefined, 2)}\n`);
  process.stdout.write(`\n${render(report)}\n`);
  return report.findings.length === 0 ? 0 : 1;
}
