import { buildArtifacts } from './artifacts.ts';
import { ensureBackground } from './background.ts';
import { consoleUrl, ensureConsole } from './console.ts';
import { type Progress, terminalProgress } from './progress.ts';
import { type Settings, wantsNoStack } from './settings.ts';
import { forgetStack, mayStartAnew, whyNotContinued, withWayOut } from './start-anew.ts';
import { readRecord, wasStopped } from './stack-record.ts';
import { untaintAll } from './terraform-state.ts';
import { LocalTerraform } from './terraform.ts';
import { appliedOutputs, configurationMark, forgetUp, isApplied, isBuilt, noteUp, sourcesMark } from './up-to-date.ts';

/**
 * Everything deployed and running; returns Terraform, for whatever wants its outputs. Goes on from where an earlier run
 * was stopped, or killed; where Terraform and the local cloud can't agree any more, both start anew.
 */
export async function bringUp(settings: Settings, progress: Progress): Promise<LocalTerraform> {
  const sources = sourcesMark(settings);
  await buildWhatChanged(settings, progress);
  const reason = await whyNotContinued(settings);
  if (reason !== undefined) await startAnew(settings, progress, reason);
  else if (lastChangeWasStopped(settings)) untaintAll(settings);
  const isLeftOver = mayStartAnew(settings);
  try {
    return await deploy(settings, progress, sources);
  } catch (error) {
    if (!isLeftOver(error)) throw withWayOut(error);
    await startAnew(settings, progress, "An earlier deployment left resources that Terraform doesn't know of");
    return deploy(settings, progress, sources);
  }
}

function lastChangeWasStopped(settings: Settings): boolean {
  const record = readRecord(settings);
  return record !== undefined && wasStopped(record);
}

async function startAnew(settings: Settings, progress: Progress, reason: string): Promise<void> {
  progress.note(`${reason}: starting from nothing.`);
  await forgetStack(settings);
}

async function buildWhatChanged(settings: Settings, progress: Progress): Promise<void> {
  await progress.step('build', (report) =>
    isBuilt(settings) ? Promise.resolve('nothing changed') : buildArtifacts(settings, 'all', report),
  );
}

async function deploy(settings: Settings, progress: Progress, sources: string): Promise<LocalTerraform> {
  await progress.step('local cloud', () => ensureBackground(settings));
  const terraform = await LocalTerraform.create(settings);
  const configuration = configurationMark(settings, terraform.cli);
  if (isApplied(settings, terraform.cli)) {
    terraform.knowOutputs(appliedOutputs(settings));
    await progress.step('terraform', () =>
      Promise.resolve(
        'nothing changed since the last apply; FORCE=1 also looks for what was changed without Terraform',
      ),
    );
  } else {
    forgetUp(settings);
    await progress.step('terraform init', () => terraform.init());
    await progress.step('terraform apply', (report) => terraform.apply(report));
  }
  const outputs = await terraform.outputs();
  await progress.step('console', () => ensureConsole(settings, outputs));
  noteUp(settings, { sources, configuration }, outputs);
  return terraform;
}

/** `make up`; with STACK=none nothing is deployed to the local cloud. */
export async function up(settings: Settings): Promise<void> {
  const progress = terminalProgress(settings.environment);
  if (wantsNoStack(settings)) {
    await buildWhatChanged(settings, progress);
    await progress.step('local cloud', () => ensureBackground(settings));
    console.log('\nLet any AWS tool and Terraform talk to it:\n\neval "$(make -s env STACK=none)"');
    return;
  }
  const terraform = await bringUp(settings, progress);
  const endpoint = await terraform.output('api_endpoint');
  const curl = await terraform.output('curl_example');
  console.log(`
Up after ${(progress.elapsedMs / 1000).toFixed(1)} s. The API: ${endpoint}

Look at it: ${consoleUrl(settings)}

Place an order:

${curl}

Let any AWS tool and Terraform talk to it:

eval "$(make -s env)"`);
}
