import { DescribePipeCommand, StartPipeCommand, StopPipeCommand } from '@aws-sdk/client-pipes';
import type { AwsClients } from './clients';
import { waitFor } from './wait';

type Pipes = AwsClients['pipes'];

const PIPE_MS = 180_000;

/** Stops a pipe and waits until it is. */
export async function stopPipe(pipes: Pipes, Name: string): Promise<void> {
  await pipes.send(new StopPipeCommand({ Name }));
  await waitFor('the pipe is stopped', async () => (await stateOf(pipes, Name)) === 'STOPPED', PIPE_MS);
}

/** Starts a pipe and waits until it runs. One that met a fault while it started stays down until it is started again, as on AWS. */
export async function startPipe(pipes: Pipes, Name: string): Promise<void> {
  const start = new StartPipeCommand({ Name });
  await pipes.send(start);
  const runs = async (): Promise<boolean> => {
    const state = await stateOf(pipes, Name);
    if (state === 'START_FAILED') await pipes.send(start);
    return state === 'RUNNING';
  };
  await waitFor('the pipe runs', runs, PIPE_MS);
}

async function stateOf(pipes: Pipes, Name: string): Promise<string | undefined> {
  return (await pipes.send(new DescribePipeCommand({ Name }))).CurrentState;
}
