import { execFile } from 'node:child_process';
import { cp, mkdir, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { runCommand } from '../command.ts';
import { checksOf, type Check, type Stage, stageEnvironment, stageLog } from '../gate/stage.ts';
import { stopBackground } from '../background.ts';
import { silentProgress } from '../progress.ts';
import type { Settings } from '../settings.ts';
import { bringUp } from '../up.ts';
import { orders } from '../order-clients.ts';
import { outboxctl, ownSettings } from '../own-stack.ts';

/** One of each policy; the longest name there may be among them. */
const consumers = { 'audit-log': 'in-order', billing: 'once', 'a-name-as-long-as-can-be': 'latest' } as const;

/** `make new-consumer` in a copy of the repository: what it writes is sound, deploys, and gets events. */
export function newConsumerStage(): Stage {
  return {
    name: 'new-consumer',
    run: async (host) => {
      const directory = join(host.localDirectory, 'new-consumer');
      const copy = join(directory, 'repository');
      await copyRepository(host, copy);
      const settings = await ownSettings(host, directory, copy);
      try {
        return checksOf(await generateAndDeploy(settings));
      } finally {
        await stopBackground(settings);
      }
    },
  };
}

async function generateAndDeploy(settings: Settings): Promise<readonly Check[]> {
  const run = (program: string, ...args: readonly string[]) =>
    runCommand(program, args, {
      cwd: settings.root,
      environment: stageEnvironment(settings),
      log: stageLog(settings, `new-consumer-${program}`),
    });
  for (const [name, policy] of Object.entries(consumers)) {
    await run('nx', 'generate', './libs/tooling:consumer', `--name=${name}`, `--policy=${policy}`);
  }
  const names = Object.keys(consumers);
  await run('prettier', '--check', ...names.map((name) => `apps/${name}`), 'apps/e2e/project.json');
  await run('nx', 'run-many', '-t', 'lint', 'typecheck', 'test', `--projects=${names.join(',')}`);

  const { environment } = await bringUp(settings, silentProgress);
  const order = ['create', '--customer', 'c-1', '--item', 'sku-1:2:19.99'];
  const created = await orders(settings, environment, order);
  const { orderId } = (JSON.parse(created.stdout) as { body: { orderId: string } }).body;
  const traced = await outboxctl(settings, environment, ['trace', orderId, '--wait', '120'], [0, 1]);
  const { events } = JSON.parse(traced.stdout) as {
    events: readonly { consumers: readonly { consumer: string; state: string }[] }[];
  };
  const states = new Map(events.flatMap((event) => event.consumers).map(({ consumer, state }) => [consumer, state]));
  return names.map((name) => ({
    name: `${name} does an event`,
    problem: states.get(name) === 'done' ? '' : `it is ${states.get(name) ?? 'not there'}\n${traced.stdout}`,
  }));
}

/** What git would commit, and the packages that are installed here. */
async function copyRepository(host: Settings, copy: string): Promise<void> {
  await rm(copy, { recursive: true, force: true });
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const { stdout } = await promisify(execFile)('git', list, { cwd: host.root, maxBuffer: 2 ** 26 });
  for (const file of stdout.split('\0').filter((name) => name !== '')) {
    await mkdir(dirname(join(copy, file)), { recursive: true });
    await cp(join(host.root, file), join(copy, file));
  }
  await symlink(join(host.root, 'node_modules'), join(copy, 'node_modules'));
}
