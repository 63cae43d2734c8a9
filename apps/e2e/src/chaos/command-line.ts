import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseOutputs, type Stack } from '../support/stack';
import { awsClients, type AwsClients } from './clients';
import { ImportJob } from './import-job';
import { CrashingCloud } from './local-cloud';
import { Partners } from './partners';
import type { ReconcileCommand } from './reconcile';

/** The command line can't be understood; the message is what the user reads. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The options by which `make chaos` tells a run where its local cloud is. */
export const targetOptions = {
  port: { type: 'string' },
  directory: { type: 'string' },
  stack: { type: 'string' },
  partners: { type: 'string' },
} as const;

/** Their values, as `parseArgs` returns them. */
export type TargetValues = Readonly<Partial<Record<keyof typeof targetOptions, string>>>;

/** What a run works with. */
export interface Target {
  readonly directory: string;
  readonly stack: Stack;
  readonly clients: AwsClients;
  readonly cloud: CrashingCloud;
  readonly partners: Partners | undefined;
  readonly importJob: ImportJob;
  readonly reconcile: ReconcileCommand;
}

/** The bundle lies in dist/apps/e2e, the programs it runs beside it. */
const apps = join(__dirname, '..');

/**
 * Opens the local cloud that is told of, and deploys the import job there under a name that begins with `runName`; its
 * state is gone with the local cloud, which is this run's own.
 * @param importSource the folder of the import job's source
 */
export async function openTarget(values: TargetValues, importSource: string, runName: string): Promise<Target> {
  const { directory = '', stack: stackFile = '' } = values;
  const stack = parseOutputs(readFileSync(stackFile, 'utf8'));
  const clients = awsClients();
  return {
    directory,
    stack,
    clients,
    cloud: new CrashingCloud({
      port: wholeNumber('port', values.port, 1),
      directory,
      program: join(apps, 'local-cloud', 'main.js'),
    }),
    partners: values.partners === undefined ? undefined : new Partners(values.partners),
    importJob: await ImportJob.deploy(clients, stack, importSource, `${runName}-import`),
    reconcile: { program: join(apps, 'outboxctl', 'main.js'), stackFile },
  };
}

/** Unique in a stack. */
export function newRunName(seed: number): string {
  return `chaos-${seed}-${Math.floor(Date.now() / 1000).toString(36)}`;
}

/** Tells whoever watches how far it is. */
export function tell(text: string): void {
  process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`);
}

/** @throws UsageError unless `text` is a whole number from `least` */
export function wholeNumber(name: string, text: string | undefined, least: number): number {
  const value = Number(text);
  if (text === undefined || text === '' || !Number.isSafeInteger(value) || value < least) {
    throw new UsageError(`${name.toUpperCase()} must be a whole number from ${least}, not ${text ?? 'missing'}`);
  }
  return value;
}
