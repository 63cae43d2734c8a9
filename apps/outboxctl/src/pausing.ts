import {
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
  type LambdaClient,
} from '@aws-sdk/client-lambda';
import { DescribePipeCommand, StartPipeCommand, StopPipeCommand, type PipesClient } from '@aws-sdk/client-pipes';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { NotFoundError, UsageError } from '@outbox/cli-kit';
import { queueArn } from './queue';
import { ACKNOWLEDGER, PIPE, type Stack } from './stack';

export interface PausingClients {
  readonly lambda: LambdaClient;
  readonly pipes: PipesClient;
  readonly sqs: SQSClient;
}

/** What can be paused: the pipe, or what takes messages from a queue. */
export type Pausable = { readonly pipe: string } | { readonly queueUrl: string };

/** Whether it runs, and what AWS calls that: `RUNNING`, `STOPPED`, `Enabled`, `Disabling` … */
export interface RunState {
  readonly runs: boolean;
  readonly state: string;
  /** Why, where AWS says so. */
  readonly reason?: string;
}

/** @throws UsageError naming what there is, when `name` is none of it */
export function pausableOf(stack: Pick<Stack, 'pipe_name' | 'consumers' | 'acknowledger'>, name: string): Pausable {
  if (name === PIPE) return { pipe: stack.pipe_name };
  const { acknowledger, consumers } = stack;
  const handlers: Readonly<Record<string, { readonly queue_url: string }>> = {
    ...consumers,
    ...(acknowledger ? { [ACKNOWLEDGER]: acknowledger } : {}),
  };
  const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
  if (handler) return { queueUrl: handler.queue_url };
  throw new UsageError(
    `nothing called ${name} can be paused; there are ${[PIPE, ...Object.keys(handlers)].join(', ')}`,
  );
}

/** @throws NotFoundError when nothing takes messages from the queue */
export async function runStateOf(clients: PausingClients, pausable: Pausable): Promise<RunState> {
  if ('pipe' in pausable) {
    const { CurrentState: state = '', StateReason: reason } = await clients.pipes.send(
      new DescribePipeCommand({ Name: pausable.pipe }),
    );
    return { runs: state === 'RUNNING', state, ...(reason === undefined ? {} : { reason }) };
  }
  const { State: state = '' } = await mappingOf(clients, pausable.queueUrl);
  return { runs: state === 'Enabled', state };
}

/**
 * Asks AWS to stop or to start it, which takes up to a minute. What it hasn't taken yet waits: for a day in the stream,
 * as long as the queue keeps it otherwise.
 * @throws NotFoundError as `runStateOf`
 */
export async function setRunning(clients: PausingClients, pausable: Pausable, runs: boolean): Promise<void> {
  if ('pipe' in pausable) {
    const Name = pausable.pipe;
    await (runs
      ? clients.pipes.send(new StartPipeCommand({ Name }))
      : clients.pipes.send(new StopPipeCommand({ Name })));
    return;
  }
  const { UUID } = await mappingOf(clients, pausable.queueUrl);
  await clients.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: runs }));
}

/** By queue: a mapping to an alias isn't found by its function's name. */
async function mappingOf({ lambda, sqs }: PausingClients, queueUrl: string) {
  const EventSourceArn = await queueArn(sqs, queueUrl);
  const { EventSourceMappings: [mapping] = [] } = await lambda.send(
    new ListEventSourceMappingsCommand({ EventSourceArn }),
  );
  if (!mapping) throw new NotFoundError(`nothing takes messages from ${queueUrl}`);
  // The list may lag behind the mapping itself.
  return lambda.send(new GetEventSourceMappingCommand({ UUID: mapping.UUID }));
}
