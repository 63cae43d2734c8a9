import { rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildArtifacts } from './artifacts.ts';
import { ensureLocalCloud, stopLocalCloud } from './local-cloud.ts';
import { terminalProgress } from './progress.ts';
import { portFile, type Settings } from './settings.ts';
import { LocalTerraform } from './terraform.ts';

/** `make stop`: ends the local cloud and keeps its state. */
export async function stop(settings: Settings): Promise<void> {
  const stopped = await stopLocalCloud(settings);
  console.log(
    stopped ? 'The local cloud has stopped; make up continues with its state.' : 'No local cloud is running.',
  );
}

/**
 * `make down`: destroys the stack, then stops. The engine is started for it when it isn't running, and built when it is
 * gone, so that what Terraform knows and what the local cloud holds end together.
 */
export async function down(settings: Settings): Promise<void> {
  const progress = terminalProgress(settings.environment);
  const state = join(settings.localDirectory, 'terraform.tfstate');
  if (existsSync(state)) {
    if (!existsSync(join(settings.root, 'dist', 'apps', 'local-cloud', 'main.js'))) {
      await progress.step('build', (report) => buildArtifacts(settings, 'all', report));
    }
    await progress.step('local cloud', () => ensureLocalCloud(settings));
    const terraform = await LocalTerraform.create(settings);
    await progress.step('terraform init', () => terraform.init());
    await progress.step('terraform destroy', (report) => terraform.destroy(report));
    await rm(state);
    await rm(`${state}.backup`, { force: true });
  }
  await progress.step('stop', async () => ((await stopLocalCloud(settings)) ? 'stopped' : 'was not running'));
  await rm(portFile(settings.localDirectory), { force: true });
}
