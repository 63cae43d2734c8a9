import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServiceFaults } from './faults';
import type { Caller, Requirement } from './identity';
import type { Setting } from './settings';
import type { InputOf, OperationName, OutputOf, ServiceName } from './sdk';

/** What every handler knows about the request it serves. */
export interface RequestContext {
  readonly accountId: string;
  readonly region: string;
  readonly caller: Caller;
  readonly requestId: string;
  readonly service: ServiceName;
  readonly operation: string;
  /** The key a request off the wire was signed with; calls between services have none. */
  readonly accessKeyId?: string;
  /** Aborts when the client went away or the engine stops. */
  readonly signal: AbortSignal;
}

export type Handler<S extends ServiceName, Op extends OperationName<S>> = (
  input: InputOf<S, Op>,
  context: RequestContext,
) => Promise<OutputOf<S, Op>> | OutputOf<S, Op>;

/** An operation as the engine runs it: what it needs, and what it does. */
export interface Operation<S extends ServiceName, Op extends OperationName<S>> {
  /** The documented permissions, computed from the input. Evaluated before `handle`. */
  readonly requires: (input: InputOf<S, Op>, context: RequestContext) => readonly Requirement[];
  readonly handle: Handler<S, Op>;
}

/** One AWS service: the operations it runs; every other one is refused by name. The list is the support table. */
export interface Service<S extends ServiceName> {
  readonly name: S;
  readonly operations: { readonly [Op in OperationName<S>]?: Operation<S, Op> };
  /**
   * Set by a service that stands behind a real server and takes the JSON body as it is: gets the
   * operation and the parsed JSON (permissions already checked), answers the JSON body. Replaces decoding, not `requires`.
   */
  readonly passThrough?: (
    operation: string,
    body: Record<string, unknown>,
    context: RequestContext,
  ) => Promise<unknown>;
  /** What may go wrong at its calls, when faults are on, beside what may at any. */
  readonly faults?: ServiceFaults;
}

/** A whole request off the wire, as its signature covers it. */
export interface SignedRequest {
  readonly method: string;
  /** As sent: not decoded, not normalised. */
  readonly path: string;
  /** Without the question mark, as sent. */
  readonly queryString: string;
  /** Names in lower case; repeated headers joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Who signed a request, and with which key. */
export interface Signer {
  readonly caller: Caller;
  readonly accessKeyId: string;
}

/**
 * Checks a request's SigV4 signature for the service it must be scoped to (its signing name).
 * @throws AwsError when it is unsigned, or its key, time or signature is not good.
 */
export type Authenticate = (request: SignedRequest, signingName: string) => Signer;

/** Serves the paths under its prefix that are no AWS API call, e.g. `/_api/` (HTTP API invocations). */
export interface HttpRoute {
  /** `/v1/traces` is where OTLP's clients look for a collector; no operation of AWS lies there. */
  readonly prefix: `/_${string}` | '/v1/traces';
  handle(request: IncomingMessage, response: ServerResponse, authenticate: Authenticate): Promise<void>;
}

/** A part of the engine, as apps/local-cloud wires it. */
export interface EngineModule {
  readonly services: readonly Service<ServiceName>[];
  readonly routes?: readonly HttpRoute[];
  /** What of it can be set. */
  readonly settings?: readonly Setting[];
  /** Starts background work (pollers, child processes) from the state an earlier run left. */
  start?(): Promise<void>;
  /** Ends background work; resolves when nothing of it runs any more. */
  stop?(): Promise<void>;
}
