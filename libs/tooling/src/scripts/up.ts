import { buildArtifacts } from './artifacts.ts';
import { ensureLocalCloud } from './local-cloud.ts';
import { type Progress, terminalProgress } from './progress.ts';
import type { Settings } from './settings.ts';
import { LocalTerraform } from './terraform.ts';

/** Everything deployed and running; answers Terraform, for whatever wants its outputs. */
export async function bringUp(settings: Settings, progress: Progress): Promise<LocalTerraform> {
  await progress.step('build', (report) => buildArtifacts(settings, 'all', report));
  await progress.step('local cloud', () => ensureLocalCloud(settings));
  const terraform = await LocalTerraform.create(settings);
  await progress.step('terraform init', () => terraform.init());
  await progress.step('terraform apply', (report) => terraform.apply(report));
  return terraform;
}

/** `make up`. */
export async function up(settings: Settings): Promise<void> {
  const progress = terminalProgress(settings.environment);
  const terraform = await bringUp(settings, progress);
  const endpoint = await terraform.output('api_endpoint');
  const curl = await terraform.output('curl_example');
  console.log(`
Up after ${(progress.elapsedMs / 1000).toFixed(1)} s. The API: ${endpoint}

Place an order:

${curl}

Let any AWS tool and Terraform talk to it:

eval "$(make -s env)"`);
}
