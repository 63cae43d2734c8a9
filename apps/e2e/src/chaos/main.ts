import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseOutputs } from '../support/stack';
import { runChaos } from './chaos';
import { awsClients } from './clients';
import { planFaults, wantedFaults } from './fault-plan';
import { ImportJob } from './import-job';
import { LocalCloud } from './local-cloud';
import { orderWorkload } from './order-workload';
import { Partners } from './partners';
import { render } from './render';

/** The command line can't be understood; the message is what the user reads. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The bundle lies in dist/apps/e2e, the programs it runs beside it. */
const apps = join(__dirname, '..');

/**
 * `make chaos` calls it with a local cloud that is up; exit code 1 unless no guarantee was broken. `importSource` is the
 * folder of the import job's source.
 */
export async function chaosCommand(args: readonly string[], importSource: string): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      orders: { type: 'string' },
      faults: { type: 'string' },
      concurrency: { type: 'string' },
      port: { type: 'string' },
      directory: { type: 'string' },
      stack: { type: 'string' },
      partners: { type: 'string' },
    },
  });
  const seed = wholeNumber('seed', values.seed, 0);
  const orders = wholeNumber('orders', values.orders, 1);
  const { directory = '', stack: stackFile = '' } = values;
  const stack = parseOutputs(readFileSync(stackFile, 'utf8'));
  const clients = awsClients();
  const cloud = new LocalCloud({
    port: wholeNumber('port', values.port, 1),
    directory,
    program: join(apps, 'local-cloud', 'main.js'),
  });
  const partners = values.partners === undefined ? undefined : new Partners(values.partners);
  const startedAt = new Date();
  const runName = `chaos-${seed}-${Math.floor(startedAt.getTime() / 1000).toString(36)}`;
  // Its state is gone with the local cloud, which is this run's own.
  const importJob = await ImportJob.deploy(clients, stack, importSource, `${runName}-import`);
  const report = await runChaos({
    seed,
    orders,
    concurrency: wholeNumber('concurrency', values.concurrency, 1),
    plan: planFaults(orders, wantedFaults(values.faults)),
    workload: orderWorkload({
      stack,
      clients,
      cloud,
      partners,
      runName,
      importJob,
      reconcile: { program: join(apps, 'outboxctl', 'main.js'), stackFile },
    }),
    stack,
    clients,
    cloud,
    partners,
    runName,
    report: (text) => process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`),
  });
  writeFileSync(join(directory, 'report.json'), `${JSON.stringify(report, undefined, 2)}\n`);
  process.stdout.write(`\n${render(report)}\n`);
  return report.findings.length === 0 ? 0 : 1;
}

function wholeNumber(name: string, text: string | undefined, least: number): number {
  const value = Number(text);
  if (text === undefined || text === '' || !Number.isSafeInteger(value) || value < least) {
    throw new UsageError(`${name.toUpperCase()} must be a whole number from ${least}, not ${text ?? 'missing'}`);
  }
  return value;
}
