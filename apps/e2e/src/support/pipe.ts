import { DescribePipeCommand, StopPipeCommand, StartPipeCommand } from '@aws-sdk/client-pipes';
import { eventually } from '@outbox/testing';
import { aws, type Stack } from './stack';

/** Stops the pipe: what is committed waits in the table's stream. */
export async function stopPipe({ pipe_name: Name }: Stack): Promise<void> {
  await aws.pipes.send(new StopPipeCommand({ Name }));
  await expectPipe(Name, 'STOPPED');
}

/** Starts a pipe that was stopped. */
export async function startPipe({ pipe_name: Name }: Stack): Promise<void> {
  await aws.pipes.send(new StartPipeCommand({ Name }));
  await expectPipe(Name, 'RUNNING');
}

/** Runs `body` while the pipe is stopped, then starts it, even if that fails: the specs after it use the same stack. */
export async function whilePipeStopped(stack: Stack, body: () => Promise<void>): Promise<void> {
  await stopPipe(stack);
  try {
    await body();
  } finally {
    await startPipe(stack);
  }
}

async function expectPipe(Name: string, state: string): Promise<void> {
  await eventually(
    async () => expect((await aws.pipes.send(new DescribePipeCommand({ Name }))).CurrentState).toBe(state),
    { timeoutMs: 90_000, intervalMs: 250 },
  );
}
