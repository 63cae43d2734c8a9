import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { buildHarness } from './artifacts.ts';
import { runAttached } from './command.ts';
import { exclusively } from './exclusively.ts';
import { freePort } from './free-port.ts';
import { stopBackground } from './background.ts';
import { ownVariablesFile } from './local-environment.ts';
import { partnersOrigin } from './partners.ts';
import { terminalProgress } from './progress.ts';
import { type Settings, UserError } from './settings.ts';
import { bringUp } from './up.ts';

type Environment = Settings['environment'];

/**
 * What SCENARIO names, as arguments of the harness (apps/e2e).
 * @throws UserError when there is no such scenario
 */
export function scenarioArguments(environment: Environment): readonly string[] {
  const { SCENARIO: scenario = '' } = environment;
  switch (scenario) {
    case '':
    case 'faults':
      return [
        'chaos',
        `--orders=${environment['ORDERS'] || '500'}`,
        `--faults=${environment['FAULTS'] || 'all'}`,
        `--concurrency=${environment['CONCURRENCY'] || '12'}`,
      ];
    case 'outage':
      return [
        'outage',
        `--orders=${environment['ORDERS'] || '40'}`,
        `--outages=${environment['OUTAGES'] || ''}`,
        `--hours=${environment['HOURS'] || ''}`,
      ];
    default:
      throw new UserError(`SCENARIO=${scenario} is none of faults, outage`);
  }
}

/**
 * `make chaos SCENARIO=faults|outage SEED= ORDERS= …`: orders under seeded faults, or through long outages, on a local
 * cloud of its own (`.local/chaos`, made anew each time), judged when all is quiet. Exit code 0 only when nothing was lost,
 * duplicated, reordered or stuck. Log, state and report.json stay until the next run.
 * TFVARS names a file of values for Terraform's variables of its stack.
 * @throws UserError when there is no such scenario, or no such file
 */
export async function chaos(host: Settings): Promise<number> {
  const { environment } = host;
  const program = scenarioArguments(environment);
  const variables = environment['TFVARS'] && resolve(host.root, environment['TFVARS']);
  if (variables && !existsSync(variables)) throw new UserError(`TFVARS: there is no file ${variables}`);
  const localDirectory = environment['LOCAL_CLOUD_DIRECTORY']
    ? host.localDirectory
    : join(host.root, '.local', 'chaos');
  const port = environment['LOCAL_CLOUD_PORT'] ? host.port : await freePort();
  const partnersPort = environment['PARTNERS_PORT'] || String(await freePort());
  const settings: Settings = {
    ...host,
    localDirectory,
    port,
    environment: { ...environment, PARTNERS_PORT: partnersPort },
  };
  return exclusively(settings, 'stack', () => chaosOn(settings, program, variables));
}

async function chaosOn(settings: Settings, program: readonly string[], variables?: string): Promise<number> {
  const { environment, localDirectory, port } = settings;
  await stopBackground(settings);
  await rm(localDirectory, { recursive: true, force: true });
  if (variables) {
    await mkdir(localDirectory, { recursive: true });
    await copyFile(variables, ownVariablesFile(settings));
  }
  try {
    const progress = terminalProgress(environment);
    const terraform = await bringUp(settings, progress);
    await progress.step('build harness', () => buildHarness(settings));
    const stack = join(localDirectory, 'stack.json');
    await writeFile(stack, await terraform.outputs());
    const outside = await partnersOrigin(settings);
    console.log('');
    return await runAttached(
      process.execPath,
      [
        join(settings.root, 'dist', 'apps', 'e2e', 'main.js'),
        ...program,
        `--seed=${environment['SEED'] || randomInt(1_000_000)}`,
        `--port=${port}`,
        `--directory=${localDirectory}`,
        `--stack=${stack}`,
        ...(outside === undefined ? [] : [`--partners=${outside}`]),
      ],
      { cwd: settings.root, environment: terraform.environment },
    );
  } finally {
    await stopBackground(settings);
  }
}
