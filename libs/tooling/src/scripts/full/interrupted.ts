import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { exclusiveFile } from '../exclusively.ts';
import { checksOf, type Check, type Stage } from '../gate/stage.ts';
import { programEnded, programStarted } from '../interruption.ts';
import { stopBackground } from '../background.ts';
import { ownVariablesFile } from '../local-environment.ts';
import { placeOrder } from '../order-clients.ts';
import { ownSettings } from '../own-stack.ts';
import { membersOf, signal } from '../process-groups.cjs';
import { processesWhere } from '../processes.ts';
import { request } from '../request.ts';
import type { Settings } from '../settings.ts';
import { LocalTerraform, terraformLog } from '../terraform.ts';

/** How a `make up` is ended: Ctrl-C and a closed terminal reach its whole group, `kill` make alone, a kill spares nobody. */
type End = 'Ctrl-C' | 'a closed terminal' | 'SIGTERM' | 'kill -9 of everything';

interface Interruption {
  readonly where: string;
  /** Whether `make up` is there; `said` is what it has printed. */
  readonly reached: (settings: Settings, said: string) => boolean;
  readonly end: End;
}

const pollMs = 50;
const stepMs = 300_000;

const interruptions: readonly Interruption[] = [
  {
    where: 'in the build',
    reached: ({ localDirectory }) => existsSync(join(localDirectory, 'logs', 'build.log')),
    end: 'SIGTERM',
  },
  {
    where: 'while the local cloud starts',
    reached: ({ localDirectory }, said) => / build /.test(said) && existsSync(join(localDirectory, 'local-cloud.pid')),
    end: 'kill -9 of everything',
  },
  { where: 'in terraform init', reached: (_, said) => / local cloud /.test(said), end: 'a closed terminal' },
  { where: 'early in terraform apply', reached: (settings) => made(settings) >= 10, end: 'Ctrl-C' },
  { where: 'late in terraform apply', reached: (settings) => made(settings) >= 100, end: 'kill -9 of everything' },
];

/** A whole stack that is being changed; what is in its tables has to outlive this. */
const inAChange: Interruption = {
  where: 'in a change of a whole stack',
  reached: (settings, said) => / terraform init /.test(said) && made(settings) >= 1,
  end: 'kill -9 of everything',
};

/**
 * `make up` is ended at five places of a first deployment, each time in another way, and run again: what follows goes on
 * or starts anew by itself. Then an order is placed, and a change of the stack is killed: the next `make up` goes on, and
 * the order is still there. `make down` leaves no process.
 */
export function interruptedStage(): Stage {
  return {
    name: 'interrupted',
    run: async (host) => {
      const settings = await ownSettings(host, join(host.localDirectory, 'interrupted'));
      try {
        const checks: Check[] = [];
        for (const interruption of interruptions) checks.push(await interrupt(settings, interruption));
        checks.push(
          await runsThrough(settings, 'up'),
          ...(await keepsOrders(settings)),
          await runsThrough(settings, 'down'),
          await nobodyIsLeft(settings),
        );
        return checksOf(checks);
      } finally {
        await stopBackground(settings);
      }
    },
  };
}

/** How many resources the running apply has made or changed. */
function made(settings: Settings): number {
  const log = terraformLog(settings, 'apply');
  if (!existsSync(log)) return 0;
  return readFileSync(log, 'utf8').split('"type":"apply_complete"').length - 1;
}

async function keepsOrders(settings: Settings): Promise<readonly Check[]> {
  const endpoint = await (await LocalTerraform.create(settings)).output('api_endpoint');
  const { text } = await placeOrder(endpoint);
  const { orderId } = JSON.parse(text) as { orderId?: string };
  // Changes every function, one after another: there is time for the kill.
  await writeFile(ownVariablesFile(settings), 'log_level = "DEBUG"\n');
  // That of the deployment tells of resources too.
  await rm(terraformLog(settings, 'apply'));
  const killed = await interrupt(settings, inAChange);
  const goesOn = await runsThrough(settings, 'up');
  const answer = await request(`${endpoint}/orders/${orderId}`);
  const problem = answer.ok ? '' : `GET /orders/${orderId}: ${answer.status} ${await answer.text()}`;
  return [killed, goesOn, { name: 'an order placed before it is still there', problem }];
}

const exitCodes: Readonly<Record<End, NodeJS.Signals>> = {
  'Ctrl-C': 'SIGINT',
  'a closed terminal': 'SIGHUP',
  SIGTERM: 'SIGTERM',
  'kill -9 of everything': 'SIGKILL',
};

async function interrupt(settings: Settings, { where, reached, end }: Interruption): Promise<Check> {
  const make = start(settings, 'up');
  const deadline = performance.now() + stepMs;
  while (!reached(settings, make.said()) && make.process.exitCode === null && performance.now() < deadline) {
    await delay(pollMs);
  }
  if (end === 'kill -9 of everything') await killAll(settings, make.pid);
  else signal(end === 'SIGTERM' ? make.pid : -make.pid, exitCodes[end]);
  await make.ended;
  const left = membersOf(make.pid);
  const asWanted = make.process.signalCode === exitCodes[end] && left.length === 0;
  const problem = asWanted
    ? ''
    : `make ended with ${make.process.signalCode ?? make.process.exitCode}, left are ${left.join(' ') || 'none'}\n${make.said()}`;
  return { name: `make up ends by ${end} ${where}`, problem };
}

async function runsThrough(settings: Settings, command: string): Promise<Check> {
  const make = start(settings, command);
  await make.ended;
  return { name: `make ${command} works after it`, problem: make.process.exitCode === 0 ? '' : make.said() };
}

async function nobodyIsLeft({ localDirectory }: Settings): Promise<Check> {
  const left = await processesWhere((command) => command.includes(localDirectory));
  return { name: 'make down leaves no process', problem: left.length === 0 ? '' : `left are ${left.join(' ')}` };
}

interface Make {
  readonly process: ChildProcess;
  readonly pid: number;
  readonly said: () => string;
  readonly ended: Promise<void>;
}

/** `make COMMAND` as a shell starts it: it leads a process group. */
function start(settings: Settings, command: string): Make {
  const child = spawn('make', ['--no-print-directory', command], {
    cwd: settings.root,
    env: {
      ...settings.environment,
      LOCAL_CLOUD_DIRECTORY: settings.localDirectory,
      LOCAL_CLOUD_PORT: String(settings.port),
    } as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const pid = child.pid ?? 0;
  const running = { name: 'make', pid };
  programStarted(running);
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve());
  }).then(() => programEnded(running));
  return { process: child, pid, said: () => said, ended };
}

/** Kills make, what it runs, and the local cloud, all at once. */
async function killAll(settings: Settings, make: number): Promise<void> {
  const { groups } = JSON.parse(readFileSync(exclusiveFile(settings, 'stack'), 'utf8')) as {
    groups: readonly { pid: number }[];
  };
  const cloud = await processesWhere((command) => command.includes(settings.localDirectory));
  for (const group of [make, ...groups.map(({ pid }) => pid)]) signal(-group, 'SIGKILL');
  for (const pid of cloud) signal(pid, 'SIGKILL');
}
