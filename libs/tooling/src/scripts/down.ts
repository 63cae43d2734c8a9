import { rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildArtifacts } from './artifacts.ts';
import { stopBackground } from './background.ts';
import { ensureLocalCloud } from './local-cloud.ts';
import { type Progress, terminalProgress } from './progress.ts';
import { consolePortFile, partnersPortFile, portFile, type Settings, UserError } from './settings.ts';
import { forgetStack, whyNotContinued } from './start-anew.ts';
import { stateFile } from './terraform-state.ts';
import { LocalTerraform } from './terraform.ts';

/** `make stop`: ends the local cloud and the partners beside it, and keeps their state. */
export async function stop(settings: Settings): Promise<void> {
  const stopped = await stopBackground(settings);
  console.log(
    stopped ? 'The local cloud has stopped; make up continues with its state.' : 'No local cloud is running.',
  );
}

/**
 * `make down`: destroys the stack, then stops and forgets it. The engine is started for it when it isn't running, and built
 * when it is gone. Where Terraform can't destroy it any more, what the local cloud keeps is removed all the same: nothing
 * is left, and the next `make up` begins from nothing.
 */
export async function down(settings: Settings): Promise<void> {
  const progress = terminalProgress(settings.environment);
  if (existsSync(stateFile(settings))) {
    const reason = await whyNotContinued(settings);
    if (reason === undefined) await destroy(settings, progress);
    else progress.note(`${reason}: the local cloud's state is removed without Terraform.`);
  }
  await progress.step('stop', async () => {
    const stopped = await stopBackground(settings);
    await forgetStack(settings);
    return stopped ? 'stopped' : 'was not running';
  });
  for (const file of [portFile, partnersPortFile, consolePortFile])
    await rm(file(settings.localDirectory), { force: true });
}

async function destroy(settings: Settings, progress: Progress): Promise<void> {
  try {
    if (!existsSync(join(settings.root, 'dist', 'apps', 'local-cloud', 'main.js'))) {
      await progress.step('build', (report) => buildArtifacts(settings, 'all', report));
    }
    await progress.step('local cloud', () => ensureLocalCloud(settings));
    const terraform = await LocalTerraform.create(settings);
    await progress.step('terraform init', () => terraform.init());
    await progress.step('terraform destroy', (report) => terraform.destroy(report));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    progress.note(`${error.message}\nThe local cloud's state is removed without Terraform.`);
  }
}
