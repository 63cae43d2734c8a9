import { cp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
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
import { tryForeign } from './try-foreign.ts';

const STACKS = join(import.meta.dirname, 'stacks');
const APPLY = ['-auto-approve', '-input=false', '-no-color', '-parallelism=30'];

/** What the stacks' functions run: it tells what it got, and returns it. */
const FUNCTION = `exports.handler = async (event) => {
  process.stdout.write(JSON.stringify({ received: event }) + '\\n');
  if (event.requestContext) return { statusCode: 200, body: JSON.stringify({ value: process.env.VALUE }) };
  return event;
};
`;

/** What a stack does once it is there, beside being applied and planned clean. */
const WORK: Readonly<Record<string, (settings: Settings) => Promise<readonly Check[]>>> = { foreign: tryForeign };

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
        const checks: Check[] = [];
        for (const stack of (await readdir(STACKS)).sort()) checks.push(...(await tryStack(settings, stack)));
        return checksOf(checks);
      } finally {
        await stopBackground(settings);
      }
    },
  };
}

async function tryStack(settings: Settings, stack: string): Promise<readonly Check[]> {
  const folder = join(settings.localDirectory, stack);
  await rm(folder, { recursive: true, force: true });
  await cp(join(STACKS, stack), folder, { recursive: true });
  await writeFile(join(folder, 'function.zip'), zipSync({ 'index.js': strToU8(FUNCTION) }));
  const access = localAccess(settings, await cliConfiguration(settings));
  const environment = { ...changed(stageEnvironment(settings), access), TF_IN_AUTOMATION: '1' };
  const terraform = (...args: readonly string[]) =>
    runCommand('terraform', args, { cwd: folder, environment, log: stageLog(settings, `adopters-stack-${stack}`) });
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
    await check(`${stack} is applied`, async () => {
      await terraform('init', '-input=false', '-no-color');
      await terraform('apply', ...APPLY);
    }),
    await check(`${stack} is planned clean`, () => plannedClean()),
    ...((await WORK[stack]?.(settings)) ?? []),
    await check(`${stack} is changed`, () => terraform('apply', ...APPLY, ...other)),
    await check(`${stack} is planned clean again`, () => plannedClean(...other)),
    await check(`${stack} is destroyed`, () => terraform('destroy', ...APPLY, ...other)),
  ];
}
