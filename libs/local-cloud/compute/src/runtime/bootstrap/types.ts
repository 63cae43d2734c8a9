/**
 * The bootstrap is what a function's process runs before the function: AWS's Node.js runtime interface client in our own
 * words. Its files hold one function each that uses nothing but its arguments, because `bootstrapSource` ships them as
 * text: they run in another process, which has none of the engine's modules.
 */
export interface NodeModules {
  readonly fs: typeof import('node:fs');
  readonly net: typeof import('node:net');
  readonly path: typeof import('node:path');
  readonly url: typeof import('node:url');
  readonly util: typeof import('node:util');
}

/** Node's cache of compiled code, which makes the next cold start of the same code faster. */
export interface CompileCache {
  enable(folder: string): void;
  flush(): void;
}

/** What changes how Node finds modules; the first came with Node 22.15. */
export interface ModuleHooks {
  readonly registerHooks?: (hooks: {
    resolve(specifier: string, context: object, next: NextResolve): unknown;
  }) => unknown;
  readonly register?: (specifier: string) => void;
}

type NextResolve = (specifier: string, context: object) => unknown;

/** What a process tells the engine. The body is the function's response, or its error. */
export type FromProcess =
  | { readonly kind: 'next' }
  | { readonly kind: 'response'; readonly requestId: string; readonly maxMemoryKb: number }
  /** Without a request id: the error ended the init phase. The engine says `taken`. */
  | { readonly kind: 'error'; readonly requestId?: string | undefined; readonly maxMemoryKb: number };

/** What the engine tells a process; with an event, its payload is the body. */
export type ToProcess = { readonly kind: 'taken' } | ({ readonly kind: 'event' } & Omit<NextInvocation, 'body'>);

/** Writes frames to a stream. */
export interface Frames {
  send(head: FromProcess | ToProcess, body: string | Uint8Array): void;
}

/** An event as the Runtime API hands it out. */
export interface NextInvocation {
  readonly requestId: string;
  readonly deadlineMs: number;
  readonly invokedArn: string;
  readonly traceId?: string | undefined;
  readonly clientContext?: string | undefined;
  /** What the engine's clock is ahead of this machine's, in milliseconds. */
  readonly clockOffsetMs: number;
  readonly body: string;
}

/** The Runtime API as the bootstrap uses it. Source: Lambda developer guide, runtimes-api (2018-06-01). */
export interface RuntimeApi {
  /** Resolves when there is an event; rejects when there is no engine any more. */
  next(): Promise<NextInvocation>;
  respond(requestId: string, body: string): void;
  /** Without a request id: the error ended the init phase. Resolves when the engine has it, or is gone. */
  fail(requestId: string | undefined, error: DescribedError): Promise<void>;
}

export interface DescribedError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** The function's own log. */
export interface FunctionLog {
  /** A line as the runtime itself writes it: `label` and the error. */
  failure(label: string, error: unknown): void;
  /** Tells the engine that an invocation has written its last. */
  done(requestId: string): void;
}

export interface LogOptions {
  readonly format: 'Text' | 'JSON';
  readonly level: string;
  readonly requestId: () => string | undefined;
  readonly describe: (error: unknown) => DescribedError;
}

export interface BootstrapParts {
  readonly installClock: (offsetMs: number) => (offsetMs: number) => void;
  readonly installNodePath: (node: NodeModules, hooks: ModuleHooks, nodePath: string) => void;
  readonly describeError: (error: unknown) => DescribedError;
  readonly runtimeError: RuntimeErrors;
  readonly createLog: (node: NodeModules, options: LogOptions) => FunctionLog;
  readonly createFrames: (
    stream: import('node:stream').Duplex,
    onFrame: (head: unknown, body: Buffer) => void,
  ) => Frames;
  readonly createRuntimeApi: (node: NodeModules, createFrames: BootstrapParts['createFrames']) => RuntimeApi;
  readonly loadHandler: (
    node: NodeModules,
    taskRoot: string,
    handler: string,
    load: { require(path: string): unknown; import(url: string): Promise<unknown> },
    runtimeError: RuntimeErrors,
  ) => Promise<FunctionHandler>;
  readonly checkSignature: (handler: FunctionHandler, nodeVersion: string, runtimeError: RuntimeErrors) => void;
  readonly runHandler: (
    handler: FunctionHandler,
    invocation: NextInvocation,
    env: NodeJS.ProcessEnv,
    runtimeError: RuntimeErrors,
  ) => Promise<string>;
}

/** Makes an error of the runtime itself, e.g. `HandlerNotFound`, which is reported as `Runtime.HandlerNotFound`. */
export type RuntimeErrors = (kind: string, message: string, fields?: object) => Error;

export type FunctionHandler = (
  event: unknown,
  context: Record<string, unknown>,
  callback: (error: unknown, result?: unknown) => void,
) => unknown;
