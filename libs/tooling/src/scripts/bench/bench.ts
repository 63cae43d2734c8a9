import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildArtifacts } from '../artifacts.ts';
import { exclusively } from '../exclusively.ts';
import { stopBackground } from '../background.ts';
import { ensureLocalCloud, stopLocalCloud } from '../local-cloud.ts';
import { enter, localAccess } from '../local-environment.ts';
import { ownSettings } from '../own-stack.ts';
import { terminalProgress } from '../progress.ts';
import { cliConfiguration } from '../provider-mirror.ts';
import type { Settings } from '../settings.ts';
import { measureServices, type Measures } from './services.ts';
import { measureStack, type Hops, type StackMeasures } from './stack.ts';

interface Report {
  /** Milliseconds until a new engine took calls, and until one did that found the state of another. */
  readonly startMs: number;
  readonly restartMs: number;
  readonly services: Measures;
  readonly stack: StackMeasures;
  /** Bytes, by function. */
  readonly zips: Readonly<Record<string, number>>;
}

/**
 * `make bench`: what the local cloud does in a second and how long a call takes, then the same of the whole stack on it,
 * hop by hop, and how large the zips are. On an engine of its own (`.local/bench`, made anew each time). Prints tables and
 * writes `.local/bench.json`.
 */
export function bench(host: Settings): Promise<void> {
  const directory = join(host.localDirectory, 'bench');
  return exclusively({ ...host, localDirectory: directory }, 'stack', () => benchIn(directory, host));
}

async function benchIn(directory: string, host: Settings): Promise<void> {
  const settings = await ownSettings(host, directory);
  await mkdir(settings.localDirectory, { recursive: true });
  try {
    const progress = terminalProgress(settings.environment);
    await progress.step('build', (report) => buildArtifacts(settings, 'all', report));
    const startMs = await elapsed(() => ensureLocalCloud(settings));
    enter(localAccess(settings, await cliConfiguration(settings)));
    const services = await measureServices(`http://127.0.0.1:${settings.port}`);
    await stopLocalCloud(settings);
    const restartMs = await elapsed(() => ensureLocalCloud(settings));
    const stack = await measureStack(settings, progress);
    const report: Report = { startMs, restartMs, services, stack, zips: await zipSizes(settings.root) };
    await writeFile(join(host.localDirectory, 'bench.json'), `${JSON.stringify(report, null, 2)}\n`);
    console.log(rendered(report));
  } finally {
    await stopBackground(settings);
  }
}

async function elapsed(run: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await run();
  return Math.round(performance.now() - started);
}

async function zipSizes(root: string): Promise<Readonly<Record<string, number>>> {
  const apps = join(root, 'dist', 'apps');
  const sizes: Record<string, number> = {};
  for (const app of (await readdir(apps)).sort()) {
    const file = await stat(join(apps, app, `${app}.zip`)).catch(() => undefined);
    if (file !== undefined) sizes[app] = file.size;
  }
  return sizes;
}

function rendered({ startMs, restartMs, services, stack, zips }: Report): string {
  const row = (name: string, ...cells: readonly string[]): string =>
    `${name.padEnd(36)}${cells.map((cell) => cell.padStart(12)).join('')}`;
  const hops = (title: string, measured: Hops): readonly string[] => [
    '',
    row(title, 'events', 'p50 ms', 'p99 ms'),
    ...Object.entries(measured).map(([hop, { count, p50Ms, p99Ms }]) => row(hop, ...[count, p50Ms, p99Ms].map(String))),
  ];
  return [
    row('', 'calls', 'per second', 'p50 ms', 'p99 ms'),
    ...Object.entries({ ...services, ...stack.requests }).map(([name, { count, perSecond, p50Ms, p99Ms }]) =>
      row(name, ...[count, perSecond, p50Ms, p99Ms].map(String)),
    ),
    ...hops('after the commit, one order alone', stack.hopsAlone),
    ...hops('after the commit, many at once', stack.hopsUnderLoad),
    '',
    row('orders through every consumer', `${stack.ordersPerSecond} /s`),
    row('local cloud ready, new', `${startMs} ms`),
    row('local cloud ready, with its state', `${restartMs} ms`),
    '',
    ...Object.entries(zips).map(([app, bytes]) => row(`${app}.zip`, `${(bytes / 1024).toFixed(0)} KiB`)),
  ].join('\n');
}
