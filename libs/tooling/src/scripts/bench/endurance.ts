import { lstat, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SQSClient } from '@aws-sdk/client-sqs';
import { throwIfInterrupted } from '../interruption.ts';
import { runningLocalCloud } from '../local-cloud.ts';
import { enter, localAccess } from '../local-environment.ts';
import { unreconciled } from '../own-stack.ts';
import { childrenOf, memoryMb } from '../processes.ts';
import { terminalProgress } from '../progress.ts';
import { cliConfiguration } from '../provider-mirror.ts';
import { request } from '../request.ts';
import { UserError, type Settings } from '../settings.ts';
import { tableText } from '../table-text.ts';
import { bringUp } from '../up.ts';
import { FLAT, growthOf } from './growth.ts';
import { BACKLOG, placeSteadily, type Progressed } from './load.ts';
import { customerOf } from './place.ts';

const ORDERS = 10_000;
const MOST_SAMPLES = 100;
const LOOK_EVERY = 1_000;

/** What the local cloud takes after so many orders. */
export interface Sample {
  readonly orders: number;
  /** Since the sample before. */
  readonly perSecond: number;
  readonly engineMb: number;
  /** What the engine's objects take, once garbage is collected. */
  readonly keptMb: number;
  readonly functions: number;
  /** Of one function's process, on average. */
  readonly functionMb: number;
  /** Of its directory, by the names in it, in megabytes. */
  readonly diskMb: Readonly<Record<string, number>>;
}

/**
 * `make bench SCENARIO=endurance ORDERS=100000`: so many orders through every consumer, the backlog flat, and what the
 * engine, its functions' processes and its directory take after each thousand. Exit code 0 when memory doesn't grow over
 * the second half, and every order is whole in the end. Prints a table and writes `file`.
 * @throws UserError when ORDERS is no number, an order is refused, or `reconcile` finds anything in the end
 */
export async function measureEndurance(settings: Settings, file: string): Promise<number> {
  const orders = ordersOf(settings);
  const progress = terminalProgress(settings.environment);
  const terraform = await bringUp(settings, progress);
  enter(localAccess(settings, await cliConfiguration(settings)));
  const { place, placed } = customerOf(await terraform.output('api_endpoint'));
  const every = Math.min(LOOK_EVERY, Math.ceil(orders / 10));
  const samples: Sample[] = [await lookAt(settings, 0, 0)];
  const sqs = new SQSClient();
  await progress.step('orders', async (report) => {
    while (placed() < orders) {
      const wanted = Math.min(every, orders - placed());
      const goesOn = ({ orders: begun }: Progressed): boolean => {
        throwIfInterrupted();
        return begun < wanted;
      };
      const { startedAt } = await placeSteadily(sqs, place, goesOn, BACKLOG);
      const sample = await lookAt(settings, placed(), (wanted * 1_000) / (Date.now() - startedAt));
      samples.push(sample);
      report(
        `${sample.orders}: ${sample.perSecond.toFixed(1)} a second, engine ${sample.engineMb} MB, ${sample.keptMb} kept`,
      );
      await writeFile(file, `${JSON.stringify(samples, null, 2)}\n`);
    }
    return `${placed()}`;
  });
  await progress.step('reconcile', async () => {
    const found = await unreconciled(settings, terraform.environment);
    if (found !== undefined) throw new UserError(`orders were placed, and reconcile is not content:\n${found}`);
    return 'each order is whole';
  });
  console.log(`\n${asText(samples)}\n\nThe same as JSON: ${file}\n`);
  const { isFlat, text } = verdictOn(samples);
  console.log(text);
  return isFlat ? 0 : 1;
}

/**
 * ORDERS, or 10,000.
 * @throws UserError when it is no number, or one too small to tell anything
 */
export function ordersOf({ environment }: Pick<Settings, 'environment'>): number {
  const text = environment['ORDERS'] || String(ORDERS);
  if (!/^[1-9]\d{2,6}$/.test(text)) throw new UserError(`ORDERS=${text} is no number from 100 to 9999999`);
  return Number(text);
}

/** Whether memory is flat over the second half, of the engine and of a function's process, and that as text. */
export function verdictOn(samples: readonly Pick<Sample, 'orders' | 'engineMb' | 'keptMb' | 'functionMb'>[]) {
  const growth = (of: string, valueOf: (sample: Pick<Sample, 'engineMb' | 'keptMb' | 'functionMb'>) => number) => {
    const share = growthOf(samples.map((sample) => ({ orders: sample.orders, value: valueOf(sample) })));
    const isFlat = share <= FLAT;
    const verdict = isFlat ? 'flat' : `more than ${FLAT * 100} %: it grows with the orders`;
    return { isFlat, text: `Memory of ${of} over the second half: ${(share * 100).toFixed(1)} %, ${verdict}` };
  };
  const all = [
    growth('the engine', ({ engineMb }) => engineMb),
    growth('what the engine keeps', ({ keptMb }) => keptMb),
    growth('a function', ({ functionMb }) => functionMb),
  ];
  return { isFlat: all.every(({ isFlat }) => isFlat), text: all.map(({ text }) => text).join('\n') };
}

async function lookAt(settings: Settings, orders: number, perSecond: number): Promise<Sample> {
  const engine = await runningLocalCloud(settings);
  if (engine === undefined) throw new UserError('The local cloud has ended meanwhile');
  // First: what the engine takes is looked at once its garbage is gone.
  const keptMb = await keptMemoryMb(settings);
  const functions = (await Promise.all((await childrenOf(engine.pid)).map(memoryMb))).filter((mb) => mb > 0);
  const names = await readdir(settings.localDirectory);
  const sizes = await Promise.all(names.map((name) => bytesIn(join(settings.localDirectory, name))));
  return {
    orders,
    perSecond: Math.round(perSecond * 10) / 10,
    engineMb: await memoryMb(engine.pid),
    keptMb,
    functions: functions.length,
    functionMb: functions.length === 0 ? 0 : Math.round(sum(functions) / functions.length),
    diskMb: Object.fromEntries(names.map((name, index) => [name, Math.round((sizes[index] ?? 0) / 1e5) / 10])),
  };
}

async function keptMemoryMb({ port }: Settings): Promise<number> {
  const response = await request(`http://127.0.0.1:${port}/_local/memory`, { method: 'POST' });
  const { heapBytes } = (await response.json()) as { readonly heapBytes: number };
  return Math.round(heapBytes / 1e6);
}

/** Of a file, or all files below a folder; what is gone between two looks is 0. */
async function bytesIn(path: string): Promise<number> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.size;
  const names = await readdir(path).catch(() => []);
  return sum(await Promise.all(names.map((name) => bytesIn(join(path, name)))));
}

function asText(samples: readonly Sample[]): string {
  // Of a long run every so many-th, and the last.
  const every = Math.ceil(samples.length / MOST_SAMPLES);
  const shown = samples.filter((_, index) => (samples.length - 1 - index) % every === 0);
  return tableText([
    ['orders', 'per second', 'engine MB', 'kept MB', 'functions', 'MB each', 'disk MB'],
    ...shown.map((sample) => [
      String(sample.orders),
      sample.perSecond.toFixed(1),
      String(sample.engineMb),
      String(sample.keptMb),
      String(sample.functions),
      String(sample.functionMb),
      sum(Object.values(sample.diskMb)).toFixed(1),
    ]),
  ]);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
