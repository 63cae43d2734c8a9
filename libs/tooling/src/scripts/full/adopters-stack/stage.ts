import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { stopBackground } from '../../background.ts';
import { buildArtifacts } from '../../artifacts.ts';
import { runCommand } from '../../command.ts';
import { check, checksOf, type Check, type Stage, stageEnvironment, stageLog } from '../../gate/stage.ts';
import { ensureLocalCloud } from '../../local-cloud.ts';
import { changed, localAccess } from '../../local-environment.ts';
import { ownSettings } from '../../own-stack.ts';
import { silently } from '../../progress.ts';
import { cliConfiguration } from '../../provider-mirror.ts';
import { type Settings, UserError } from '../../settings.ts';

const APPLY = ['-auto-approve', '-input=false', '-no-color', '-parallelism=30'];

/**
 * What others have beside an outbox, in HCL that needs nothing of this repository: applied to a local cloud, planned clean,
 * changed, planned clean again, destroyed.
 */
export function adoptersStackStage(): Stage {
  return {
    name: 'adopters-stack',
    run: async (host) => {
      const settings = await ownSettings(host, join(host.localDirectory, 'adopters-stack'));
      try {
        await buildArtifacts(host, 'all', silently);
        await ensureLocalCloud(settings);
        return checksOf(await tryStack(settings));
      } finally {
        await stopBackground(settings);
      }
    },
  };
}

async function tryStack(settings: Settings): Promise<readonly Check[]> {
  const folder = join(settings.localDirectory, 'stack');
  await rm(folder, { recursive: true, force: true });
  await cp(join(import.meta.dirname, 'stack'), folder, { recursive: true });
  const access = localAccess(settings, await cliConfiguration(settings));
  const environment = { ...changed(stageEnvironment(settings), access), TF_IN_AUTOMATION: '1' };
  const terraform = (...args: readonly string[]) =>
    runCommand('terraform', args, { cwd: folder, environment, log: stageLog(settings, 'adopters-stack') });
  const plannedClean = async (...variables: readonly string[]): Promise<void> => {
    await terraform('plan', '-input=false', '-no-color', '-out=clean.tfplan', ...variables);
    const { stdout } = await terraform('show', '-json', 'clean.tfplan');
    const { resource_changes: changes = [] } = JSON.parse(stdout) as {
      readonly resource_changes?: readonly {
        readonly address: string;
        readonly change: { readonly actions: string[] };
      }[];
    };
    const left = changes.filter(({ change }) => !['no-op', 'read'].includes(change.actions.join()));
    if (left.length > 0) throw new UserError(`still to change: ${left.map(({ address }) => address).join(', ')}`);
  };
  const other = ['-var', 'value=two'];
  return [
    await check('it is applied', async () => {
      await terraform('init', '-input=false', '-no-color');
      await terraform('apply', ...APPLY);
    }),
    await check('and planned clean', () => plannedClean()),
    await check('it is changed', () => terraform('apply', ...APPLY, ...other)),
    await check('and planned clean again', () => plannedClean(...other)),
    await check('it is destroyed', () => terraform('destroy', ...APPLY, ...other)),
  ];
}
