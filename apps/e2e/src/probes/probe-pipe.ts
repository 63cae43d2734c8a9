import {
  CreatePipeCommand,
  type CreatePipeCommandInput,
  DeletePipeCommand,
  DescribePipeCommand,
  NotFoundException,
  type PipesClient,
  ValidationException,
} from '@aws-sdk/client-pipes';
import { waitFor } from '../chaos/wait';

const PIPE_MS = 300_000;
/** A new role and its policy may not be known everywhere for so long (IAM is eventually consistent). */
const ROLE_MS = 60_000;

/**
 * Creates a pipe and waits until it runs. Pipes tries out the role while it makes the pipe, so one whose role is not known
 * yet is refused or ends as CREATE_FAILED: it is then deleted and made again, for as long as `roleMs`.
 * @throws Error with the pipe's own reason when it fails for longer than that
 */
export async function createPipe(
  pipes: PipesClient,
  input: CreatePipeCommandInput & { readonly Name: string },
  roleMs: number = ROLE_MS,
): Promise<void> {
  const deadline = performance.now() + roleMs;
  let failure: string | undefined;
  const runs = async (): Promise<boolean> => {
    failure = await attempt(pipes, input);
    if (failure === undefined) return true;
    if (performance.now() > deadline) throw new Error(failure);
    await deletePipe(pipes, input.Name);
    return false;
  };
  await waitFor(`the pipe ${input.Name} is made`, runs, roleMs + PIPE_MS);
}

/** Answers why the pipe failed, or undefined once it is as wanted. */
export async function pipeReaches(
  pipes: PipesClient,
  name: string,
  wanted: 'RUNNING' | 'STOPPED',
): Promise<string | undefined> {
  let failure: string | undefined;
  const settled = async (): Promise<boolean> => {
    const pipe = await pipes.send(new DescribePipeCommand({ Name: name }));
    if (pipe.CurrentState?.endsWith('_FAILED')) failure = `${pipe.CurrentState}: ${pipe.StateReason}`;
    return failure !== undefined || pipe.CurrentState === wanted;
  };
  await waitFor(`the pipe is ${wanted}`, settled, PIPE_MS);
  return failure;
}

async function attempt(
  pipes: PipesClient,
  input: CreatePipeCommandInput & { readonly Name: string },
): Promise<string | undefined> {
  try {
    await pipes.send(new CreatePipeCommand(input));
  } catch (error) {
    if (error instanceof ValidationException) return `${error.name}: ${error.message}`;
    throw error;
  }
  return pipeReaches(pipes, input.Name, 'RUNNING');
}

/** A pipe is there until its deletion is done, and its name taken: answers then, or when there is none. */
export async function deletePipe(pipes: PipesClient, name: string): Promise<void> {
  const misses = (request: Promise<unknown>): Promise<boolean> =>
    request.then(
      () => false,
      (error: unknown) => {
        if (error instanceof NotFoundException) return true;
        throw error;
      },
    );
  if (await misses(pipes.send(new DeletePipeCommand({ Name: name })))) return;
  await waitFor(`the pipe ${name} is gone`, () => misses(pipes.send(new DescribePipeCommand({ Name: name }))), PIPE_MS);
}
