import type { Clock } from './clock';
import type { FaultPlane } from './faults';
import type { Caller, Identity } from './identity';
import type { InputOf, OperationName, OutputOf, ServiceName } from './sdk';
import type { Metrics } from './metrics';
import type { Signals } from './signals';
import type { StateStore } from './store';

/** Calls another service the way AWS services call each other: authorised as `caller`, without HTTP in between. */
export interface AwsCalls {
  call<S extends ServiceName, Op extends OperationName<S>>(
    service: S,
    operation: Op,
    input: InputOf<S, Op>,
    as: { readonly caller: Caller; readonly region: string; readonly signal?: AbortSignal },
  ): Promise<OutputOf<S, Op>>;
}

/** Ids and randomness, seedable so that a run can be repeated. */
export interface Ids {
  uuid(): string;
  /** `length` characters out of `alphabet` (lower-case letters and digits unless told). */
  token(length: number, alphabet?: string): string;
  /** In [0, 1). */
  random(): number;
}

export type EngineLog = (
  level: 'debug' | 'info' | 'warn' | 'error',
  message: string,
  fields?: Record<string, unknown>,
) => void;

/** What the engine gives every service; ports only, so that services never import each other. */
export interface Engine {
  readonly clock: Clock & { readonly offsetMs: number };
  readonly ids: Ids;
  readonly store: StateStore;
  readonly signals: Signals;
  readonly identity: Identity;
  readonly calls: AwsCalls;
  readonly metrics: Metrics;
  readonly log: EngineLog;
  /** Off unless asked; the Dispatcher applies it to calls, whoever runs processes to those. */
  readonly faults: FaultPlane;
  /** `http://127.0.0.1:<port>`, without a trailing slash. */
  readonly origin: string;
  /** Absolute path of the folder for files of child processes and unpacked code. */
  readonly directory: string;
}
