import { randomBytes } from 'node:crypto';
import { explain, reasonOf, type ProgramDefinition } from '@outbox/cli-kit';
import type { CliContext, OwnContext } from '../commands/context';
import type { Stack } from '../stack';
import { Api } from './api';
import { Commands, Jobs } from './jobs';
import { readPage } from './pages';
import { loadPipeline } from '../pipeline/pipeline';
import { poll } from './poller';
import { Reads } from './reads';
import { offered, type StoredRequest } from './requests';
import { BASE, listen } from './server';
import { EventStream } from './stream';
import { StreamTail } from '../tail/stream-tail';

export interface ConsoleOptions {
  readonly port: number;
  readonly write: boolean;
  readonly everyMs: number;
  /** Origin of the local cloud that serves the console as its own, to whoever can reach it; undefined: with a login. */
  readonly localCloud?: string;
  readonly requests: readonly StoredRequest[];
}

/** The running console. */
export interface RunningConsole {
  readonly port: number;
  /** Where to open it; works once when there is a login. */
  readonly url: string;
  /** Ends what runs, and resolves when it has ended. */
  close(): Promise<void>;
}

const SECRET_BYTES = 24;

/**
 * Starts the console of a stack on loopback. `commands` are what pages may have run.
 * @throws NoPageError, PortTakenError
 */
export async function startConsole(
  commands: ProgramDefinition<OwnContext>,
  context: CliContext,
  stack: Stack,
  { port, write, everyMs, localCloud, requests }: ConsoleOptions,
): Promise<RunningConsole> {
  const stop = new AbortController();
  const { environment, now } = context;
  const secret = (): string => randomBytes(SECRET_BYTES).toString('base64url');
  const [page, caller] = await Promise.all([readPage(context.root), context.caller()]);
  const runner = new Commands(commands, context, stack, environment);
  const stream = new EventStream();
  const jobs = new Jobs(runner, { now, newId: secret, print: context.print }, (job) => stream.send('job', job));
  const token = secret();
  const key = localCloud === undefined ? secret() : undefined;
  const session = {
    source: stack.event_source,
    token,
    write,
    caller,
    ...(localCloud === undefined ? {} : { localCloud }),
    busName: stack.event_bus_name,
    pipeName: stack.pipe_name,
    aggregateTypes: stack.aggregate_types,
    consumers: Object.entries(stack.consumers).map(([name, { policy, on }]) => ({ name, policy, on })),
    requests: requests.map(offered),
  };
  const reads = new Reads(context, stack, runner, localCloud);
  const api = new Api({ session, reads, jobs, requests, stop: stop.signal });
  const names = (own: number, beside: string[]): string[] => [`127.0.0.1:${own}`, `localhost:${own}`, ...beside];
  const server = await listen(
    {
      page,
      api,
      stream,
      environment,
      ...(key === undefined ? {} : { key }),
      rules: (bound) => ({
        hosts: names(bound, localCloud === undefined ? [] : names(Number(new URL(localCloud).port), [])),
        session: key === undefined ? undefined : secret(),
        // Cookies are shared among the ports of a host.
        cookieName: `outbox-console-${bound}`,
        token,
      }),
    },
    port,
  );
  const tail = new StreamTail(
    { dynamodb: context.dynamodb(), streams: context.streams() },
    stack.outbox_table_name,
    now,
  );
  const told = (error: unknown): string => {
    const explanation = explain(error, environment);
    return explanation.hint === undefined ? reasonOf(explanation) : `${reasonOf(explanation)}. ${explanation.hint}`;
  };
  const polling = poll(
    { pipeline: () => loadPipeline(context, stack), tail, explain: told },
    stream,
    everyMs,
    stop.signal,
  );
  const origin = localCloud ?? `http://127.0.0.1:${server.port}`;
  return {
    port: server.port,
    url: `${origin}${BASE}${key === undefined ? '' : `?key=${key}`}`,
    close: async () => {
      stop.abort();
      await Promise.all([server.close(), jobs.stop(), polling]);
    },
  };
}
