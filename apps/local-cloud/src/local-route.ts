import type { IncomingMessage } from 'node:http';
import {
  jsonRoute,
  noSuchPath,
  readText,
  type EngineClock,
  type FaultPlane,
  type HttpRoute,
  type JsonAnswer,
  type Service,
  type ServiceName,
  type StateStore,
} from '@outbox/local-cloud-kernel';
import { isJsonObject, parseJson } from '@outbox/local-cloud-pattern';
import { changeSettings, settingsState, settingsWanted, type EngineSettings } from './engine-settings';
import { readFaultSettings } from './fault-settings';
import { keptMemory } from './kept-memory';
import type { Denial } from '@outbox/local-cloud-identity';
import type { CallCounts } from './called-operations';
import type { UsageAnswer } from './usage-answer';

/** What `/_local/` shows and moves. */
export interface LocalRoutePorts {
  readonly clock: EngineClock;
  readonly store: StateStore;
  readonly faults: FaultPlane;
  readonly settings: EngineSettings;
  readonly services: () => Iterable<Service<ServiceName>>;
  readonly usage: () => UsageAnswer;
  readonly denials: () => readonly Denial[];
  readonly calls: () => CallCounts;
  readonly isReady: () => boolean;
  readonly info: {
    readonly account: string;
    readonly region: string;
    readonly port: number;
    readonly directory: string;
  };
}

/** The engine's own state that outlives a restart. */
const STATE_TABLE = 'engine';
const OFFSET_KEY = 'clockOffsetMs';

/** Ten years: enough for every retention and expiry, and far from where dates end. */
const MAX_ADVANCE_MS = 10 * 365 * 24 * 3_600_000;

/** The clock's offset an earlier run left. */
export function savedClockOffset(store: StateStore): number {
  return store.table<number>(STATE_TABLE).get(OFFSET_KEY) ?? 0;
}

/**
 * `GET /_local/health`, `GET /_local/info`, `GET /_local/clock` and `POST /_local/clock` `{"advanceMs": n}`;
 * `POST /_local/faults` `{"seed": n, "rates": {"throttle": 0.1, …}}` starts faults and counts anew, `DELETE` ends them,
 * `GET` tells the counts; `GET /_local/usage` which permissions each role used,
 * `GET /_local/denials` what was denied to whom, and by which statement,
 * `GET /_local/calls` which operations each account called; `GET` and `POST /_local/settings`
 * `{"ruleDelayMs": n, "accountConcurrency": n}` how late a new or changed rule counts, how many functions run at a time;
 * `GET /_local/find?text=…` which of the engine's tables hold a text;
 * `POST /_local/memory` collects garbage and tells what the engine keeps.
 */
export function localRoute(ports: LocalRoutePorts): HttpRoute {
  return jsonRoute('/_local/', (request) => answer(request, ports));
}

async function answer(request: IncomingMessage, ports: LocalRoutePorts): Promise<JsonAnswer> {
  switch (`${request.method} ${request.url?.split('?')[0]}`) {
    case 'GET /_local/health':
      return ports.isReady() ? [200, { status: 'ready' }] : [503, { status: 'starting' }];
    case 'GET /_local/info':
      return [200, { ...ports.info, services: operationNames(ports.services()) }];
    case 'GET /_local/clock':
      return [200, clockState(ports.clock)];
    case 'POST /_local/clock':
      return advance(request, ports);
    case 'GET /_local/usage':
      return [200, ports.usage()];
    case 'GET /_local/denials':
      return [200, { denials: ports.denials() }];
    case 'GET /_local/calls':
      return [200, ports.calls()];
    case 'POST /_local/memory':
      return [200, keptMemory()];
    case 'GET /_local/find':
      return find(request, ports.store);
    case 'GET /_local/settings':
      return [200, settingsState(ports.settings)];
    case 'POST /_local/settings':
      return setSettings(request, ports);
    case 'GET /_local/faults':
      return [200, faultState(ports.faults)];
    case 'POST /_local/faults':
      return startFaults(request, ports.faults);
    case 'DELETE /_local/faults':
      ports.faults.configure(undefined);
      return [200, faultState(ports.faults)];
    default:
      return noSuchPath(request, request.url);
  }
}

function find({ url = '' }: IncomingMessage, store: StateStore): JsonAnswer {
  const text = new URL(url, 'http://local').searchParams.get('text') ?? '';
  if (text === '') return [400, { message: 'Say what to find: /_local/find?text=…' }];
  return [200, { tables: store.find(text) }];
}

async function advance(request: IncomingMessage, ports: LocalRoutePorts): Promise<JsonAnswer> {
  const advanceMs = readAdvance(await readText(request));
  if (advanceMs === undefined) {
    return [400, { message: `The body must be {"advanceMs": n} with n from 0 to ${MAX_ADVANCE_MS}` }];
  }
  // Saved before the timers fire: what they do must not be followed by a restart into the past.
  ports.store.table<number>(STATE_TABLE).set(OFFSET_KEY, ports.clock.offsetMs + advanceMs);
  ports.store.flush();
  ports.clock.advance(advanceMs);
  return [200, clockState(ports.clock)];
}

async function startFaults(request: IncomingMessage, faults: FaultPlane): Promise<JsonAnswer> {
  const settings = readFaultSettings(await readText(request), faults.kinds);
  if (settings.kind === 'invalid') return [400, { message: settings.message }];
  faults.configure(settings.value);
  return [200, faultState(faults)];
}

async function setSettings(
  request: IncomingMessage,
  { settings, store }: Pick<LocalRoutePorts, 'settings' | 'store'>,
): Promise<JsonAnswer> {
  if (!changeSettings(settings, await readText(request))) return [400, { message: settingsWanted(settings) }];
  store.flush();
  return [200, settingsState(settings)];
}

function readAdvance(text: string | undefined): number | undefined {
  const body = parseJson(text ?? '');
  const value = isJsonObject(body) ? body['advanceMs'] : undefined;
  return typeof value === 'number' && value >= 0 && value <= MAX_ADVANCE_MS ? value : undefined;
}

function clockState(clock: EngineClock): unknown {
  return { now: new Date(clock.now()).toISOString(), offsetMs: clock.offsetMs };
}

function faultState(faults: FaultPlane): unknown {
  return { active: faults.active, counts: faults.counts() };
}

function operationNames(services: Iterable<Service<ServiceName>>): Record<string, string[]> {
  return Object.fromEntries([...services].map(({ name, operations }) => [name, Object.keys(operations).sort()]));
}
