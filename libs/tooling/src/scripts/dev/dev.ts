import { setTimeout as delay } from 'node:timers/promises';
import { join, relative } from 'node:path';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { LocalCloud } from '../../../../local-cloud/client/src/index.ts';
import { exclusively } from '../exclusively.ts';
import { interrupted, InterruptedError } from '../interruption.ts';
import { runningLocalCloud } from '../local-cloud.ts';
import { enter, localAccess } from '../local-environment.ts';
import { terminalProgress } from '../progress.ts';
import { cliConfiguration } from '../provider-mirror.ts';
import { type Settings, UserError } from '../settings.ts';
import { bringUp } from '../up.ts';
import { forgetUp } from '../up-to-date.ts';
import { watchFiles } from './changed-files.ts';
import { deployFunction } from './deploy-function.ts';
import { FunctionBundle } from './function-bundle.ts';
import { LogTail } from './log-tail.ts';

const LOOK_MS = 400;
const API = 'orders-api';

/** The part of the stack's outputs that names its functions. */
interface Outputs {
  readonly orders_api_function_name: { readonly value: string };
  readonly function_versions: { readonly value: Readonly<Record<string, unknown>> };
}

/**
 * `make dev`: `make up`, then every function whose source is saved is built and live within a second or two, and what the
 * functions log is printed, until it is interrupted. What doesn't compile is told, and changes nothing.
 * @throws UserError when the local cloud ends
 */
export async function dev(settings: Settings): Promise<void> {
  const progress = terminalProgress(settings.environment);
  const began = Date.now();
  const outputs = await exclusively(settings, 'stack', async () => (await bringUp(settings, progress)).outputs());
  enter(localAccess(settings, await cliConfiguration(settings)));
  const names = functionNames(JSON.parse(outputs) as Outputs);
  const cloud = new LocalCloud(`http://127.0.0.1:${settings.port}`);
  const tail = new LogTail(new CloudWatchLogsClient(), names, await cloud.now());
  const bundles = await Promise.all([...names.keys()].map((app) => FunctionBundle.of(settings.root, app)));
  const deployer = new Deployer(settings, bundles, names);
  const stopWatching = watchFiles(
    ['apps', 'libs', 'terraform'].map((folder) => join(settings.root, folder)),
    (files) => deployer.changed(files),
  );
  try {
    await deployer.begin(began);
    say(`watching ${bundles.length} functions; Ctrl-C ends it, and leaves the stack as it is`);
    for (; !interrupted.aborted; await delay(LOOK_MS, undefined, { signal: interrupted })) {
      for (const line of await tail.read()) console.log(line);
    }
  } catch (error) {
    if (interrupted.aborted) throw interrupted.reason;
    if ((await runningLocalCloud(settings)) !== undefined) throw error;
    throw new UserError('The local cloud has ended; make dev starts it again', { cause: error });
  } finally {
    await stopWatching();
    await Promise.all(bundles.map((bundle) => bundle.dispose()));
  }
}

/** The function of each app, by its name in the stack. */
function functionNames({
  orders_api_function_name: api,
  function_versions: apps,
}: Outputs): ReadonlyMap<string, string> {
  const prefix = api.value.slice(0, -API.length);
  return new Map(Object.keys(apps.value).map((app) => [app, prefix + app]));
}

/** Builds and deploys what a saved file is part of. */
class Deployer {
  readonly #lambda = new LambdaClient();

  readonly #settings: Settings;
  readonly #bundles: readonly FunctionBundle[];
  readonly #names: ReadonlyMap<string, string>;

  constructor(settings: Settings, bundles: readonly FunctionBundle[], names: ReadonlyMap<string, string>) {
    this.#settings = settings;
    this.#bundles = bundles;
    this.#names = names;
  }

  /**
   * Learns which files each function is made of. What the last build made is deployed; only what was saved after that began
   * is deployed here. @param began milliseconds since the epoch
   */
  async begin(began: number): Promise<void> {
    const failures = new Set<string>();
    for (const bundle of this.#bundles) {
      const started = performance.now();
      const rebuilt = await bundle.rebuild();
      if (rebuilt.kind === 'failed') failures.add(rebuilt.why);
      if (rebuilt.kind === 'changed' && bundle.wasSavedSince(began)) {
        await this.#deploy(bundle.app, rebuilt.code, started);
      }
    }
    tellFailures(failures);
  }

  async changed(files: readonly string[]): Promise<void> {
    const started = performance.now();
    const concerned = this.#bundles.filter((bundle) => files.some((file) => bundle.concerns(file)));
    const others = files.filter((file) => !this.#bundles.some((bundle) => bundle.concerns(file)));
    for (const file of others) say(`${relative(this.#settings.root, file)}: no function holds it; make up applies it`);
    const failures = new Set<string>();
    await Promise.all(
      concerned.map(async (bundle) => {
        const rebuilt = await bundle.rebuild();
        if (rebuilt.kind === 'failed') failures.add(rebuilt.why);
        if (rebuilt.kind === 'changed') await this.#deploy(bundle.app, rebuilt.code, started);
      }),
    );
    tellFailures(failures);
  }

  async #deploy(app: string, code: Uint8Array, started: number): Promise<void> {
    // Terraform knows nothing of it: the next make up is to apply.
    forgetUp(this.#settings);
    try {
      const version = await deployFunction(this.#lambda, this.#names.get(app) ?? app, code);
      say(`${app}: live after ${((performance.now() - started) / 1000).toFixed(1)} s, version ${version}`);
    } catch (error) {
      if (error instanceof InterruptedError) throw error;
      say(`${app}: not deployed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** The same error, of a library, stands in the way of many functions. */
function tellFailures(failures: ReadonlySet<string>): void {
  for (const why of failures) say(`not built:\n${why}`);
}

function say(text: string): void {
  console.log(`--  ${text}`);
}
