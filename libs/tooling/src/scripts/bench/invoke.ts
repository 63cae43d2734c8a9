import { InvokeCommand, UpdateFunctionConfigurationCommand, waitUntilFunctionUpdatedV2 } from '@aws-sdk/client-lambda';
import { strToU8 } from 'fflate';
import { createFunction, WAIT } from './create-function.ts';
import type { Clients, Measures } from './emulator.ts';
import { summary, timed } from './timing.ts';

const FunctionName = 'bench-echo';
const WARM = 300;
const COLD = 8;

/** A function that returns what it is given, called while it has an environment and while it has none. */
export async function measureFunction(clients: Clients): Promise<Measures> {
  const { lambda } = clients;
  await createFunction(clients, FunctionName, 'exports.handler = async (event) => event;');
  const invoke = () => lambda.send(new InvokeCommand({ FunctionName, Payload: strToU8('{}') }));
  const cold: number[] = [];
  for (let round = 1; round <= COLD; round += 1) {
    // A changed function has no environment yet: its next call is a cold start.
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 3 + round }));
    await waitUntilFunctionUpdatedV2({ client: lambda, ...WAIT }, { FunctionName });
    const started = performance.now();
    await invoke();
    cold.push(performance.now() - started);
  }
  const total = cold.reduce((sum, one) => sum + one, 0);
  return { 'Invoke, cold': summary(cold, total), 'Invoke, warm': await timed(WARM, 1, invoke) };
}
