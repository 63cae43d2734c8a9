import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { buildArtifacts } from '../artifacts.ts';
import { measureBundles } from '../bundles/bundle-report.ts';
import { exclusively } from '../exclusively.ts';
import { stopBackground } from '../background.ts';
import { ensureLocalCloud, stopLocalCloud } from '../local-cloud.ts';
import { enter, localAccess } from '../local-environment.ts';
import { ownSettings } from '../own-stack.ts';
import { silently, terminalProgress } from '../progress.ts';
import { cliConfiguration } from '../provider-mirror.ts';
import { UserError, type Settings } from '../settings.ts';
import { measureEndurance } from './endurance.ts';
import { measureDynamoDbLocal } from './dynamodb-local.ts';
import { measureEmulator, measurePeer } from './emulator.ts';
import { type Peer, peerOf } from './peer.ts';
import { asMarkdown, asText, type Machine, type Report } from './report.ts';
import { measureStack } from './stack.ts';

const DOCUMENT = join('docs', 'performance.md');

/**
 * `make bench`: what the local cloud does in a second and how long a call takes, beside DynamoDB Local and (`VS=URL`)
 * another emulator; then the same of the whole stack on it, hop by hop, and how large the zips are. On an engine of its
 * own (`.local/bench`, made anew each time). Prints tables and writes `.local/bench.json`. With SCENARIO=endurance it
 * places many orders instead (ORDERS=), and returns 1 when memory grows with them.
 * @throws UserError when VS is no URL, or there is no such scenario
 */
export async function bench(host: Settings): Promise<number> {
  const { SCENARIO: scenario = '' } = host.environment;
  if (scenario === 'endurance') {
    const file = join(host.localDirectory, 'endurance.json');
    return onOwnStack(host, (settings) => measureEndurance(settings, file));
  }
  if (scenario !== '') throw new UserError(`SCENARIO=${scenario} is no scenario of make bench: endurance is one`);
  const report = await measured(host);
  console.log(`\n${asText(report)}\n\nThe same as JSON: ${jsonFile(host)}`);
  return 0;
}

/**
 * `make bench-report`: the same, written to docs/performance.md; `FROM=FILE` takes what an earlier run measured.
 * @throws UserError when that file can't be read
 */
export async function benchReport(host: Settings): Promise<void> {
  const from = host.environment['FROM'] || undefined;
  const report = from === undefined ? await measured(host) : await earlier(from);
  const file = join(host.root, DOCUMENT);
  const options = await resolveConfig(file);
  await writeFile(file, await format(asMarkdown(report), { ...options, filepath: file }));
  console.log(`Written: ${DOCUMENT}, from ${from ?? jsonFile(host)}`);
}

async function earlier(file: string): Promise<Report> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Report;
  } catch (cause) {
    throw new UserError(`FROM=${file} is no report of make bench: ${String(cause)}`, { cause });
  }
}

function jsonFile({ localDirectory }: Settings): string {
  return join(localDirectory, 'bench.json');
}

function measured(host: Settings): Promise<Report> {
  const peer = peerOf(host);
  return onOwnStack(host, (settings) => measureOn(settings, host, peer));
}

/** Runs `measure` with settings of a local cloud of its own, made anew, which ends with it. */
function onOwnStack<T>(host: Settings, measure: (settings: Settings) => Promise<T>): Promise<T> {
  const directory = join(host.localDirectory, 'bench');
  return exclusively({ ...host, localDirectory: directory }, 'stack', async () => {
    const settings = await ownSettings(host, directory);
    await mkdir(settings.localDirectory, { recursive: true });
    try {
      return await measure(settings);
    } finally {
      await stopBackground(settings);
    }
  });
}

async function measureOn(settings: Settings, host: Settings, peer: Peer | undefined): Promise<Report> {
  const machine = thisMachine();
  const progress = terminalProgress(settings.environment);
  const step = async <T>(name: string, measure: () => Promise<T>): Promise<T> => {
    const results: T[] = [];
    await progress.step(name, async () => (results.push(await measure()), ''));
    const [result] = results;
    if (result === undefined) throw new Error(`${name} returned nothing`);
    return result;
  };
  await progress.step('build', (report) => buildArtifacts(settings, 'all', report));
  const startMs = await elapsed(() => ensureLocalCloud(settings));
  enter(localAccess(settings, await cliConfiguration(settings)));
  const dynamodbLocal = await step('DynamoDB Local', () => measureDynamoDbLocal(settings.root));
  const services = await step('services', () => measureEmulator(`http://127.0.0.1:${settings.port}`));
  const theirs =
    peer === undefined ? {} : { peer: { name: peer.name, services: await step('VS', () => measurePeer(peer.url)) } };
  await stopLocalCloud(settings);
  const restartMs = await elapsed(() => ensureLocalCloud(settings));
  const stack = await measureStack(settings, progress);
  const date = new Date().toISOString();
  const bundles = await step('bundles', () => measureBundles(settings.root, silently));
  const report: Report = { date, machine, services, dynamodbLocal, ...theirs, startMs, restartMs, stack, bundles };
  await writeFile(jsonFile(host), `${JSON.stringify(report, null, 2)}\n`);
  return report;
}

function thisMachine(): Machine {
  const processors = cpus();
  return {
    cores: processors.length,
    processor: processors[0]?.model.trim() ?? 'unknown',
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    node: process.versions.node,
    system: `${type()} ${process.arch}`,
    load: loadavg()[0] ?? 0,
  };
}

async function elapsed(run: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await run();
  return Math.round(performance.now() - started);
}
