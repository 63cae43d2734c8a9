import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { functionBundle } from '../../bundle-options.cjs';
import { terminalProgress } from '../progress.ts';
import type { Settings } from '../settings.ts';
import { tableText } from '../table-text.ts';
import { type BundlePart, bundleParts } from './bundle-parts.ts';
import { measureInit } from './init-time.ts';
import { zipBytes } from './zip-bytes.ts';

/** What the bundle of a function is made of, and how long it takes to load. */
export interface BundleReport {
  readonly app: string;
  readonly bytes: number;
  readonly zipBytes: number;
  readonly parts: readonly BundlePart[];
  /** Processor time to load it, in milliseconds, and how that compares with one bundled client of DynamoDB. */
  readonly initMs: number;
  readonly initRatio: number;
}

/**
 * `make bundle-report`: every byte of each function's bundle by package and library, its zip, and the time it takes to load
 * beside a bundle that has one client of DynamoDB, measured in the same run. Prints tables and writes `.local/bundles.json`.
 */
export async function bundleReport(settings: Settings): Promise<void> {
  const reports: BundleReport[] = [];
  await terminalProgress(settings.environment).step('bundles', async (report) => {
    reports.push(...(await measureBundles(settings.root, report)));
    return `${reports.length} functions`;
  });
  const file = join(settings.localDirectory, 'bundles.json');
  await mkdir(settings.localDirectory, { recursive: true });
  await writeFile(file, `${JSON.stringify(reports, null, 2)}\n`);
  console.log(`\n${asText(reports)}\n\nThe same as JSON: ${file}`);
}

/** Builds every function's bundle as Nx does, and measures it. */
export async function measureBundles(root: string, report: (detail: string) => void): Promise<readonly BundleReport[]> {
  const built = new Map<string, { readonly code: Uint8Array; readonly parts: readonly BundlePart[] }>();
  for (const app of functionApps(root)) {
    report(app);
    const { metafile, outputFiles } = await build(functionBundle(root, app));
    built.set(app, { code: outputFiles[0]?.contents ?? new Uint8Array(), parts: bundleParts(metafile) });
  }
  report('loading each');
  const init = await measureInit(root, new Map([...built].map(([app, { code }]) => [app, code])));
  return [...built].map(([app, { code, parts }]) => {
    const initMs = init.bundles[app] ?? 0;
    const initRatio = initMs / init.oneClientMs;
    return { app, bytes: code.length, zipBytes: zipBytes(code), parts, initMs, initRatio };
  });
}

/** The apps whose project is tagged as a function. */
function functionApps(root: string): readonly string[] {
  const apps = join(root, 'apps');
  return readdirSync(apps).filter((app) => {
    const project = JSON.parse(readFileSync(join(apps, app, 'project.json'), 'utf8')) as { readonly tags?: string[] };
    return project.tags?.includes('type:function');
  });
}

function asText(reports: readonly BundleReport[]): string {
  const summary = [
    ['function', 'zip kB', 'minified kB', 'init ms', 'init ÷ one client'],
    ...reports.map(({ app, bytes, zipBytes: zipped, initMs, initRatio }) => [
      app,
      kilobytes(zipped),
      kilobytes(bytes),
      initMs.toFixed(0),
      initRatio.toFixed(2),
    ]),
  ];
  const parts = reports.map(({ app, bytes, zipBytes: zipped, parts: of }) =>
    tableText([
      [app, 'minified', 'of the zip, about'],
      ...of.map(({ name, bytes: size }) => [name, String(size), String(Math.round((size * zipped) / bytes))]),
    ]),
  );
  return [tableText(summary), ...parts].join('\n\n');
}

function kilobytes(bytes: number): string {
  return (bytes / 1_000).toFixed(1);
}
