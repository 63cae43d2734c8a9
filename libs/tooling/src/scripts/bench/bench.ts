import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildArtifacts } from '../artifacts.ts';
import { freePort } from '../free-port.ts';
import { ensureLocalCloud, stopLocalCloud } from '../local-cloud.ts';
import { terminalProgress } from '../progress.ts';
import type { Settings } from '../settings.ts';
import { measureServices, type Measures } from './services.ts';

interface Report {
  /** Milliseconds until a new engine took calls, and until one did that found the state of another. */
  readonly startMs: number;
  readonly restartMs: number;
  readonly services: Measures;
  /** Bytes, by function. */
  readonly zips: Readonly<Record<string, number>>;
}

/**
 * `make bench`: what the local cloud does in a second and how long a call takes, on an engine of its own
 * (`.local/bench`, made anew each time), and how large the zips are. Prints a table and writes `.local/bench.json`.
 */
export async function bench(host: Settings): Promise<void> {
  const settings = { ...host, localDirectory: join(host.localDirectory, 'bench'), port: await freePort() };
  await stopLocalCloud(settings);
  await rm(settings.localDirectory, { recursive: true, force: true });
  await mkdir(settings.localDirectory, { recursive: true });
  try {
    const progress = terminalProgress(settings.environment);
    await progress.step('build', (report) => buildArtifacts(settings, 'all', report));
    const startMs = await elapsed(() => ensureLocalCloud(settings));
    const services = await measureServices(`http://127.0.0.1:${settings.port}`);
    await stopLocalCloud(settings);
    const restartMs = await elapsed(() => ensureLocalCloud(settings));
    const report: Report = { startMs, restartMs, services, zips: await zipSizes(settings.root) };
    await writeFile(join(host.localDirectory, 'bench.json'), `${JSON.stringify(report, null, 2)}\n`);
    console.log(rendered(report));
  } finally {
    await stopLocalCloud(settings);
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

function rendered({ startMs, restartMs, services, zips }: Report): string {
  const row = (name: string, ...cells: readonly string[]): string =>
    `${name.padEnd(36)}${cells.map((cell) => cell.padStart(12)).join('')}`;
  return [
    row('', 'calls', 'per second', 'p50 ms', 'p99 ms'),
    ...Object.entries(services).map(([name, { count, perSecond, p50Ms, p99Ms }]) =>
      row(name, ...[count, perSecond, p50Ms, p99Ms].map(String)),
    ),
    '',
    row('local cloud ready, new', `${startMs} ms`),
    row('local cloud ready, with its state', `${restartMs} ms`),
    '',
    ...Object.entries(zips).map(([app, bytes]) => row(`${app}.zip`, `${(bytes / 1024).toFixed(0)} KiB`)),
  ].join('\n');
}
