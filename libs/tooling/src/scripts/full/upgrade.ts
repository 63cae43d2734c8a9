import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buildArtifacts } from '../artifacts.ts';
import { runCommand } from '../command.ts';
import { checksOf, type Check, type Stage, stageEnvironment, stageLog } from '../gate/stage.ts';
import { stopBackground } from '../background.ts';
import { ensureLocalCloud } from '../local-cloud.ts';
import { silently } from '../progress.ts';
import { type Settings, UserError } from '../settings.ts';
import { LocalTerraform } from '../terraform.ts';
import { changeUnderLoad } from './change-under-load.ts';
import { ownSettings } from '../own-stack.ts';

/**
 * The stack of an earlier commit (`upgrade-from.json`) is deployed with its own functions and Terraform, and becomes
 * today's while customers place orders: nothing that holds data is replaced, no request refused, no event lost.
 */
export function upgradeStage(): Stage {
  return {
    name: 'upgrade',
    run: async (host) => {
      const directory = join(host.localDirectory, 'upgrade');
      const first = join(directory, 'first');
      await checkOut(host, first);
      const settings = await ownSettings(host, directory);
      try {
        return checksOf(await upgrade(settings, first));
      } finally {
        await stopBackground(settings);
      }
    },
  };
}

async function upgrade(settings: Settings, first: string): Promise<readonly Check[]> {
  await buildArtifacts({ ...settings, root: first }, 'functions', silently);
  await buildArtifacts(settings, 'all', silently);
  await ensureLocalCloud(settings);

  const before = await LocalTerraform.create({ ...settings, root: first }, settings);
  await before.init();
  await before.apply(silently);
  return changeUnderLoad(settings, before, await LocalTerraform.create(settings));
}

/** The tree of the commit, with its packages installed. */
async function checkOut(settings: Settings, folder: string): Promise<void> {
  const file = join(settings.root, 'libs', 'tooling', 'src', 'scripts', 'full', 'upgrade-from.json');
  const { commit } = JSON.parse(await readFile(file, 'utf8')) as { commit: string };
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const run = (cwd: string, program: string, ...args: readonly string[]) =>
    runCommand(program, args, {
      cwd,
      environment: stageEnvironment(settings),
      log: stageLog(settings, `upgrade-${program}`),
    });
  try {
    await run(settings.root, 'git', 'archive', '--format=tar', `--output=${folder}.tar`, commit);
  } catch (cause) {
    throw new UserError(
      `git has no commit ${commit} (libs/tooling/src/scripts/full/upgrade-from.json) to upgrade from: fetch the whole history (git fetch --unshallow), or name the commit that your stacks run`,
      { cause },
    );
  }
  await run(folder, 'tar', '-xf', `${folder}.tar`);
  await run(folder, 'npm', 'ci', '--no-audit', '--no-fund');
}
