import { randomInt } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildHarness } from './artifacts.ts';
import { runAttached } from './command.ts';
import { exclusively } from './exclusively.ts';
import { freePort } from './free-port.ts';
import { stopBackground } from './background.ts';
import { partnersOrigin } from './partners.ts';
import { terminalProgress } from './progress.ts';
import type { Settings } from './settings.ts';
import { bringUp } from './up.ts';

const defaults = { orders: '500', concurrency: '12' };

/**
 * `make chaos SEED= ORDERS= FAULTS=`: orders under seeded faults on a local cloud of its own (`.local/chaos`, made anew
 * each time), judged when all is quiet. Exit code 0 only when nothing was lost, duplicated, reordered or stuck. Log,
 * state and report.json stay until the next run.
 */
export async function chaos(host: Settings): Promise<number> {
  const { environment } = host;
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
  return exclusively(settings, 'stack', () => chaosOn(settings));
}

async function chaosOn(settings: Settings): Promise<number> {
  const { environment, localDirectory, port } = settings;
  await stopBackground(settings);
  await rm(localDirectory, { recursive: true, force: true });
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
        'chaos',
        `--seed=${environment['SEED'] || randomInt(1_000_000)}`,
        `--orders=${environment['ORDERS'] || defaults.orders}`,
        `--faults=${environment['FAULTS'] || 'all'}`,
        `--concurrency=${environment['CONCURRENCY'] || defaults.concurrency}`,
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
