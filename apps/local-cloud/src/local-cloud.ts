import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Dispatcher,
  EngineClock,
  FaultPlane,
  injectFaults,
  Settings,
  Signals,
  SqliteStore,
  systemIds,
  type Engine,
  type EngineLog,
  type EngineModule,
  type Identity,
  type Metrics,
} from '@outbox/local-cloud-kernel';
import { Api, WireServer } from '@outbox/local-cloud-wire';
import { consoleRoute } from './console-route';
import { issuerRoute } from './issuer-route';
import { CalledOperations } from './called-operations';
import { localRoute, savedClockOffset } from './local-route';
import type { Parts } from './modules';
import { usageAnswer } from './usage-answer';

/** The local cloud can't start here; the message says why and what to do. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** The account whose admin key is `000000000000` / `local`, and the region, when nothing else is asked for. */
const ACCOUNT = '000000000000';
const REGION = 'us-east-1';

/** How the engine is started. */
export interface StartOptions {
  /** 0 for any free one. */
  readonly port: number;
  readonly directory: string;
  /** Origin of an emulator that gets the calls of services which are not here. */
  readonly fallback?: string;
}

/** A running engine: one process, one port, state under one directory. */
export interface LocalCloud {
  readonly port: number;
  readonly origin: string;
  /** Ends requests and background work, latest part first, and leaves the state on disk. */
  stop(): Promise<void>;
}

/**
 * Binds the port, opens the state, wires the parts and starts them; resolves when the engine is ready.
 * @throws StartError when the port or the directory is taken, or a part does not start.
 */
export async function startLocalCloud(options: StartOptions, parts: Parts, log: EngineLog): Promise<LocalCloud> {
  const server = new WireServer(log);
  const port = await listen(server, options.port);
  const started: EngineModule[] = [];
  let store: SqliteStore | undefined;
  let clock: EngineClock | undefined;
  const stop = async (): Promise<void> => {
    const closed = server.close();
    for (const module of started.splice(0).reverse()) await stopPart(module, log);
    await closed;
    clock?.stop();
    if (!store) return;
    store.close();
    rmSync(pidFile(options.directory), { force: true });
  };
  try {
    store = openStore(options.directory);
    writeFileSync(pidFile(options.directory), `${process.pid}\n`);
    clock = new EngineClock(savedClockOffset(store));
    await startParts({ ...options, server, store, clock, port, log }, parts, started);
    return { port, origin: originOf(port), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Foundation extends StartOptions {
  readonly server: WireServer;
  readonly store: SqliteStore;
  readonly clock: EngineClock;
  readonly log: EngineLog;
}

async function startParts(base: Foundation, parts: Parts, started: EngineModule[]): Promise<void> {
  const { server, store, clock, port, directory, fallback, log } = base;
  const faults: FaultPlane = new FaultPlane(() => dispatcher.services());
  const wired: { identity?: Identity; metrics?: Metrics } = {};
  const engine: Engine = {
    clock,
    store,
    log,
    directory,
    ids: systemIds,
    signals: new Signals(clock),
    faults,
    origin: originOf(port),
    // Services and identity need each other; identity is there before the first call.
    get identity() {
      if (!wired.identity) throw new Error('identity is asked before it is wired');
      return wired.identity;
    },
    get metrics() {
      if (!wired.metrics) throw new Error('metrics are asked before they are wired');
      return wired.metrics;
    },
    get calls() {
      return dispatcher;
    },
  };
  const dispatcher: Dispatcher = new Dispatcher(engine, injectFaults(faults, clock));
  const first = parts.identity(engine);
  wired.identity = first.identity;
  const second = parts.observability(engine);
  wired.metrics = second.metrics;
  const modules = [first, second, ...parts.services.map((create) => create(engine))];
  for (const service of modules.flatMap(({ services }) => services)) dispatcher.register(service);

  let ready = false;
  const info = { account: ACCOUNT, region: REGION, port, directory };
  const called = new CalledOperations();
  const local = localRoute({
    clock,
    store,
    faults,
    info,
    settings: { known: modules.flatMap(({ settings }) => settings ?? []), values: new Settings(store) },
    services: () => dispatcher.services(),
    usage: () => usageAnswer(first.identity),
    denials: () => first.identity.denials(),
    calls: () => called.counts(),
    isReady: () => ready,
  });
  const issuer = issuerRoute({ clock, store, origin: engine.origin });
  const console = consoleRoute(directory);
  server.use({ routes: [issuer, local, console] });
  for (const module of modules) {
    started.push(module);
    await module.start?.();
  }
  const api = new Api({
    clock,
    log,
    identity: first.identity,
    dispatcher,
    ids: systemIds,
    realNow: Date.now,
    fallback,
    onCall: (accountId, service, operation) => called.add(accountId, service, operation),
  });
  server.use({ api, routes: [issuer, ...modules.flatMap(({ routes }) => routes ?? []), local, console] });
  ready = true;
}

/** One part that can't stop must not keep the others (and their child processes) running. */
async function stopPart(module: EngineModule, log: EngineLog): Promise<void> {
  try {
    await module.stop?.();
  } catch (error) {
    log('error', 'a part did not stop', { error: error instanceof Error ? error.stack : String(error) });
  }
}

async function listen(server: WireServer, port: number): Promise<number> {
  try {
    return await server.listen(port);
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') {
      throw new StartError(
        `port ${port} is in use: stop what listens there, or choose another with --port (make: LOCAL_CLOUD_PORT=${port + 1})`,
      );
    }
    if (code === 'EACCES') throw new StartError(`port ${port} needs more rights: choose one above 1023 with --port`);
    throw error;
  }
}

function openStore(directory: string): SqliteStore {
  try {
    mkdirSync(directory, { recursive: true });
    return new SqliteStore(join(directory, 'state.sqlite'), { exclusive: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (reason.includes('locked')) {
      throw new StartError(
        `${directory} is in use by another local cloud: stop it first, or choose another with --directory`,
      );
    }
    throw new StartError(`the state in ${directory} can't be opened: ${reason}`);
  }
}

function pidFile(directory: string): string {
  return join(directory, 'local-cloud.pid');
}

function originOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}
