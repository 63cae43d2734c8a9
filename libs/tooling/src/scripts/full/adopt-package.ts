import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { buildArtifacts } from '../artifacts.ts';
import { stopBackground } from '../background.ts';
import { runCommand } from '../command.ts';
import { check, type Check, stageEnvironment, stageLog } from '../gate/stage.ts';
import { ensureLocalCloud } from '../local-cloud.ts';
import { changed, localAccess } from '../local-environment.ts';
import { ownSettings, programPath } from '../own-stack.ts';
import { silently } from '../progress.ts';
import { cliConfiguration } from '../provider-mirror.ts';
import { type Settings, UserError } from '../settings.ts';
import { startPartner } from './partner.ts';

/** The guide, whose commands are run as they stand there. */
const GUIDE = 'docs/adopt.md';

/** Its blocks in order: the word after ```sh => what it shows. */
const STEPS: Readonly<Record<string, string>> = {
  build: 'a service of its own builds with esbuild',
  apply: 'it deploys from the modules in the package',
  commit: 'it commits, also for a row from before',
  trace: 'outboxctl follows its events to their consumer',
  reconcile: 'outboxctl finds nothing wrong in it',
};

/** What docs/adopt.md says about the package, done with the service in `folder` on a local cloud of its own. */
export async function adoptPackage(host: Settings, folder: string): Promise<readonly Check[]> {
  await buildArtifacts(host, 'all', silently);
  const guide = await readFile(join(host.root, GUIDE), 'utf8');
  await symlink(join(host.root, 'node_modules', '.bin'), join(folder, 'node_modules', '.bin'));
  const settings = await ownSettings(host, join(host.localDirectory, 'adopt-package'));
  const partner = await startPartner();
  try {
    await ensureLocalCloud(settings);
    const environment = await environmentOf(settings, partner.address);
    const checks: Check[] = [];
    for (const [step, name] of Object.entries(STEPS)) {
      const script = commandsOf(guide, step);
      const log = stageLog(host, `adopt-${step}`);
      checks.push(await check(name, () => runCommand('sh', ['-ec', script], { cwd: folder, environment, log })));
    }
    const keys = new Set(partner.calls);
    const problem =
      keys.size === 3 && !keys.has(undefined) ? '' : `keys of its calls: ${JSON.stringify(partner.calls)}`;
    return [...checks, { name: 'its consumer calls the billing API with a key for each event', problem }];
  } finally {
    partner.stop();
    await stopBackground(settings);
  }
}

/** As in a shell after `make env STACK=none`; Terraform asks nothing, and is told where the billing API is. */
async function environmentOf(settings: Settings, billingUrl: string) {
  const access = localAccess(settings, await cliConfiguration(settings));
  const environment = changed(stageEnvironment(settings), access);
  return {
    ...environment,
    PATH: `${environment['PATH']}:${join(programPath(settings, 'outboxctl'), '..')}`,
    TF_IN_AUTOMATION: '1',
    TF_CLI_ARGS_apply: '-auto-approve -parallelism=30',
    TF_VAR_billing_url: billingUrl,
  };
}

/** The block of a step. @throws UserError when the guide has none */
function commandsOf(guide: string, step: string): string {
  const block = guide.split(`\n\`\`\`sh ${step}\n`)[1]?.split('\n```')[0];
  if (block === undefined) throw new UserError(`${GUIDE} has no block that begins with \`\`\`sh ${step}`);
  return block;
}
