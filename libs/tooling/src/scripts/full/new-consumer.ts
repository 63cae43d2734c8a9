import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../command.ts';
import { checksOf, type Check, type Stage, stageEnvironment, stageLog } from '../gate/stage.ts';
import { stopBackground } from '../background.ts';
import { silentProgress } from '../progress.ts';
import type { Settings } from '../settings.ts';
import { bringUp } from '../up.ts';
import { orders } from '../order-clients.ts';
import { outboxctl, ownSettings } from '../own-stack.ts';
import { copyRepository } from './copy-repository.ts';
import { startPartner } from './partner.ts';

/** What is generated: an aggregate, then a consumer of each form and policy; the longest name there may be among them. */
const aggregate = { NAME: 'invoice', EVENTS: 'Issued,Paid' };
const consumers = [
  { NAME: 'audit-log', POLICY: 'in-order' },
  { NAME: 'a-name-as-long-as-can-be', POLICY: 'latest', FORM: 'complete', ON: 'order' },
  { NAME: 'billing', POLICY: 'once', FORM: 'call', ON: 'order.Created,invoice.Issued' },
];

/** Where the aggregate is written. */
const eventSources = 'libs/orders/events/src';

type Args = Readonly<Record<string, string | undefined>>;

const names = consumers.map(({ NAME }) => NAME);

/** `make new-aggregate` and `make new-consumer` in a copy of the repository: what they write is sound, deploys, and works. */
export function newConsumerStage(): Stage {
  return {
    name: 'new-consumer',
    run: async (host) => {
      const directory = join(host.localDirectory, 'new-consumer');
      const copy = join(directory, 'repository');
      await copyRepository(host, copy);
      const settings = await ownSettings(host, directory, copy);
      const partner = await startPartner();
      try {
        await generateAll(settings);
        await callAt(copy, 'billing', partner.address);
        return checksOf(await deployAndOrder(settings, partner.calls));
      } finally {
        partner.stop();
        await stopBackground(settings);
      }
    },
  };
}

async function generateAll(settings: Settings): Promise<void> {
  const run = (log: string, program: string, args: readonly string[], more: Args = {}) =>
    runCommand(program, args, {
      cwd: settings.root,
      environment: { ...stageEnvironment(settings), ...more },
      log: stageLog(settings, `new-consumer-${log}`),
    });
  const script = join('libs', 'tooling', 'src', 'scripts', 'run.ts');
  const make = (command: string, args: Args) =>
    run(args['NAME'] ?? command, process.execPath, ['--disable-warning=ExperimentalWarning', script, command], args);
  await make('new-aggregate', aggregate);
  for (const args of consumers) await make('new-consumer', args);
  await run('prettier', 'prettier', [
    '--check',
    ...names.map((name) => `apps/${name}`),
    'apps/e2e/project.json',
    eventSources,
  ]);
  // Their types are checked in the gate: generated.spec.ts.
  await run('checks', 'nx', ['run-many', '-t', 'lint', 'test', `--projects=${[...names, 'orders-events'].join(',')}`]);
}

async function deployAndOrder(settings: Settings, calls: readonly (string | undefined)[]): Promise<readonly Check[]> {
  const { environment } = await bringUp(settings, silentProgress);
  const order = ['create', '--customer', 'c-1', '--item', 'sku-1:2:19.99'];
  const created = await orders(settings, environment, order);
  const { orderId } = (JSON.parse(created.stdout) as { body: { orderId: string } }).body;
  const traced = await outboxctl(settings, environment, ['trace', `order/${orderId}`, '--wait', '120'], [0, 1]);
  const { events } = JSON.parse(traced.stdout) as {
    events: readonly { consumers: readonly { consumer: string; state: string }[] }[];
  };
  const states = new Map(events.flatMap((event) => event.consumers).map(({ consumer, state }) => [consumer, state]));
  return [
    ...names.map((name) => ({
      name: `${name} does an event`,
      problem: states.get(name) === 'done' ? '' : `it is ${states.get(name) ?? 'not there'}\n${traced.stdout}`,
    })),
    {
      name: 'billing calls its partner once, with a key',
      problem: calls.length === 1 && calls[0] ? '' : `keys of its calls: ${JSON.stringify(calls)}`,
    },
  ];
}

/** Gives a consumer its partner's address, as its generator says where. */
async function callAt(copy: string, name: string, address: string): Promise<void> {
  const file = join(copy, 'terraform', 'variables.tf');
  const entry = new RegExp(`^( {4}${name} += \\{.*) \\}$`, 'm');
  const text = await readFile(file, 'utf8');
  const variable = `${name.toUpperCase()}_URL`;
  await writeFile(file, text.replace(entry, `$1, environment = { ${variable} = "${address}" } }`));
}
