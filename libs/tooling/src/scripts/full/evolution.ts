import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stopBackground } from '../background.ts';
import { runCommand } from '../command.ts';
import { checksOf, type Check, type Stage, stageEnvironment, stageLog } from '../gate/stage.ts';
import { orders, startClients } from '../order-clients.ts';
import { advance, outboxctl, ownSettings, unreconciled } from '../own-stack.ts';
import { silentProgress, silently } from '../progress.ts';
import type { Settings } from '../settings.ts';
import type { LocalTerraform } from '../terraform.ts';
import { bringUp } from '../up.ts';
import { copyRepository } from './copy-repository.ts';

/** Who reads an order's changes, and who writes them. */
const readers = ['notifications', 'order-progress', 'order-view'];
const writers = ['orders-api', 'order-progress'];
/** Consumers that are added when there are orders already, and where each begins. */
const late = [
  { NAME: 'audit-log', POLICY: 'in-order', from: 'now' },
  { NAME: 'archivist', POLICY: 'in-order', from: 'beginning' },
  { NAME: 'tally', POLICY: 'once', from: 'now' },
];
/** Orders that lie there before, unless ORDERS says otherwise; those placed while something changes. */
const oldOrders = '1000';
const ordersMeanwhile = 10;

/**
 * A second version of an event in a copy of the repository, deployed to its writers before its readers, taken back from
 * readers and from writers; then consumers that join late. Customers go on placing orders: nothing is lost.
 */
export function evolutionStage(): Stage {
  return {
    name: 'evolution',
    run: async (host) => {
      const directory = join(host.localDirectory, 'evolution');
      const copy = join(directory, 'repository');
      await copyRepository(host, copy);
      const settings = await ownSettings(host, directory, copy);
      try {
        const terraform = await bringUp(settings, silentProgress);
        const count = host.environment['ORDERS'] ?? oldOrders;
        // Exit code 1: the saga came before a customer's change, which was refused. The orders are placed.
        await orders(settings, terraform.environment, ['generate', '--count', count, '--at-once', '8'], [0, 1]);
        return checksOf([...(await newVersion(settings, terraform)), ...(await lateJoiners(settings))]);
      } finally {
        await stopBackground(settings);
      }
    },
  };
}

async function newVersion(settings: Settings, terraform: LocalTerraform): Promise<readonly Check[]> {
  const first = await versions(terraform);
  const hold = (apps: readonly string[]) =>
    writeFile(
      join(settings.root, 'terraform', 'evolution.auto.tfvars.json'),
      JSON.stringify({
        gradual_shift: Object.fromEntries(apps.map((app) => [app, { from_version: first[app], weight: 0 }])),
      }),
    );
  await addVersion(settings.root);
  const endpoint = await terraform.output('api_endpoint');
  const clients = startClients(endpoint);
  const refusedAfter: string[] = [];
  const steps: readonly (readonly [string, readonly string[]])[] = [
    ['its writers are deployed first', readers.filter((app) => !writers.includes(app))],
    ['all of them know it', []],
    ['its readers are taken back', readers],
    ['its writers are taken back', writers],
    ['all of them know it again', []],
  ];
  for (const [index, [, apps]] of steps.entries()) {
    await hold(apps);
    if (index === 0) await bringUp(settings, silentProgress);
    else await terraform.apply(silently);
    refusedAfter.push(...(await placeSome(endpoint)));
  }
  const { placed, changed, refused } = await clients.stop();
  const last = await versions(terraform);
  return [
    {
      name: 'a second version is deployed',
      problem: writers.filter((app) => first[app] === last[app]).join(),
    },
    {
      name: `${placed} orders and ${changed} changes are accepted meanwhile`,
      problem: [...refused, ...refusedAfter].join('\n'),
    },
    {
      name: `nothing is lost while ${steps.map(([what]) => what).join(', ')}`,
      problem: (await unreconciled(settings, terraform.environment)) ?? '',
    },
  ];
}

async function lateJoiners(settings: Settings): Promise<readonly Check[]> {
  const script = join('libs', 'tooling', 'src', 'scripts', 'run.ts');
  for (const { NAME, POLICY } of late) {
    await runCommand(process.execPath, ['--disable-warning=ExperimentalWarning', script, 'new-consumer'], {
      cwd: settings.root,
      environment: { ...stageEnvironment(settings), NAME, POLICY, ON: 'order' },
      log: stageLog(settings, `evolution-${NAME}`),
    });
  }
  const terraform = await bringUp(settings, silentProgress);
  const { environment } = terraform;
  const endpoint = await terraform.output('api_endpoint');
  const clients = startClients(endpoint);
  await clients.placed(ordersMeanwhile);
  const now = await advance(settings, 0);
  for (const { NAME, from } of late) {
    const join = ['join', NAME, '--from', from, '--now', now];
    await outboxctl(settings, environment, from === 'now' ? join : [...join, '--wait', '300']);
    // Again: it changes nothing.
    await outboxctl(settings, environment, join);
  }
  const { refused } = await clients.stop();
  const refusedAfter = await placeSome(endpoint);
  return [
    { name: 'orders are accepted while consumers join', problem: [...refused, ...refusedAfter].join('\n') },
    {
      name: `consumers that join late (${late.map(({ NAME, from }) => `${NAME} from ${from}`).join(', ')}) lack nothing`,
      problem: (await unreconciled(settings, environment)) ?? '',
    },
  ];
}

/** Some customers place and change orders once something has changed; returns what was refused. */
async function placeSome(endpoint: string): Promise<readonly string[]> {
  const clients = startClients(endpoint);
  await clients.placed(ordersMeanwhile);
  return (await clients.stop()).refused;
}

/** The newest version of each function. */
async function versions(terraform: LocalTerraform): Promise<Readonly<Record<string, string>>> {
  const outputs = JSON.parse(await terraform.outputs()) as {
    function_versions: { value: Readonly<Record<string, { newest: string }>> };
  };
  return Object.fromEntries(Object.entries(outputs.function_versions.value).map(([app, { newest }]) => [app, newest]));
}

/** A second version of OrderUpdated; whoever commits one sends it from then on. */
async function addVersion(root: string): Promise<void> {
  const file = join(root, 'libs', 'orders', 'events', 'src', 'order.ts');
  const text = await readFile(file, 'utf8');
  const changed = text
    .replace(
      'v1: orderUpdatedV1 }',
      'v1: orderUpdatedV1, v2: z.extend(orderUpdatedV1, { note: z.optional(z.string()) }) }',
    )
    .replace(/^/, "import * as z from 'zod/mini';\n");
  if (!changed.includes('v2:')) throw new Error(`${file} is laid out in another way: no v1 of OrderUpdated found`);
  await writeFile(file, changed);
}
