import type { BootstrapParts, CompileCache, FunctionHandler, ModuleHooks, NodeModules } from './types';

/** The life of a function process: init once, then one invocation after the other until the engine ends it. */
export async function main(
  parts: BootstrapParts,
  node: NodeModules,
  load: { require(path: string): unknown; import(url: string): Promise<unknown> },
  cache: CompileCache,
  hooks: ModuleHooks,
): Promise<void> {
  const env = process.env;
  const setOffset = parts.installClock(Number(env['LOCAL_CLOUD_CLOCK_OFFSET_MS'] ?? 0));
  if (env['LOCAL_CLOUD_COMPILE_CACHE']) cache.enable(env['LOCAL_CLOUD_COMPILE_CACHE']);
  delete env['LOCAL_CLOUD_CLOCK_OFFSET_MS'];
  delete env['LOCAL_CLOUD_COMPILE_CACHE'];

  parts.installNodePath(node, hooks, env['NODE_PATH'] ?? '');

  let requestId: string | undefined;
  const api = parts.createRuntimeApi(node, parts.createFrames);
  const log = parts.createLog(node, {
    format: env['AWS_LAMBDA_LOG_FORMAT'] === 'JSON' ? 'JSON' : 'Text',
    level: env['AWS_LAMBDA_LOG_LEVEL'] ?? 'INFO',
    requestId: () => requestId,
    describe: parts.describeError,
  });

  /** Set from the answer to one event until the next one. An error of that time is reported to the next event: on Lambda, the process is frozen until then. */
  let waiting: Promise<unknown> | undefined;
  let dying: Promise<void> | undefined;
  const end = async (label: string, error: unknown, exitCode: number): Promise<void> => {
    await waiting;
    log.failure(label, error);
    if (requestId !== undefined) log.done(requestId);
    await api.fail(requestId, parts.describeError(error));
    process.exit(exitCode);
  };
  /** Reports and ends the process; without an engine there is nobody to report to. */
  const die = (label: string, error: unknown, exitCode: number): Promise<void> =>
    (dying ??= end(label, error, exitCode));
  process.on('uncaughtException', (error) => void die('Uncaught Exception', error, 129));
  process.on('unhandledRejection', (reason) => {
    const { errorMessage } = parts.describeError(reason);
    const message = reason instanceof Error ? String(reason) : errorMessage;
    const error = parts.runtimeError('UnhandledPromiseRejection', message, { reason, promise: {} });
    void die('Unhandled Promise Rejection', error, 128);
  });

  let handler: FunctionHandler;
  try {
    handler = await parts.loadHandler(
      node,
      env['LAMBDA_TASK_ROOT'] ?? '',
      env['_HANDLER'] ?? '',
      load,
      parts.runtimeError,
    );
    parts.checkSignature(handler, process.versions.node, parts.runtimeError);
  } catch (error) {
    return die('Uncaught Exception', error, 1);
  }

  // An unhandled rejection from the loading of the function's code has to end the init phase.
  await new Promise((resolve) => setImmediate(resolve));

  /** Resolves when the engine knows how the last event ended. */
  let reported: Promise<unknown> = Promise.resolve();
  for (let count = 0; dying === undefined; count += 1) {
    const next = reported
      .then(() => {
        // The process ends by a kill, which leaves no time to write: after the first event all code of interest is compiled.
        if (count === 1) cache.flush();
        return api.next();
      })
      .catch(() => process.exit(0));
    waiting = next;
    const invocation = await next;
    waiting = undefined;
    requestId = invocation.requestId;
    if (dying) break;
    setOffset(invocation.clockOffsetMs);
    if (invocation.traceId === undefined) delete env['_X_AMZN_TRACE_ID'];
    else env['_X_AMZN_TRACE_ID'] = invocation.traceId;
    try {
      const body = await parts.runHandler(handler, invocation, env, parts.runtimeError);
      // What ends the process is how the event ended, and is the last that the engine hears.
      if (dying) break;
      log.done(requestId);
      api.respond(requestId, body);
    } catch (error) {
      if (dying) break;
      log.failure('Invoke Error', error);
      log.done(requestId);
      reported = api.fail(requestId, parts.describeError(error));
    }
  }
}
