import {
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { eventually } from '@outbox/testing';
import { aws, consumerOf, type Stack } from './stack';

/** Stops a consumer: its messages stay in its queue until it is started again. */
export async function stopConsumer(stack: Stack, name: string): Promise<void> {
  await switchMapping(consumerOf(stack, name).function_name, false);
}

/** Starts a consumer that was stopped. */
export async function startConsumer(stack: Stack, name: string): Promise<void> {
  await switchMapping(consumerOf(stack, name).function_name, true);
}

/** Has a function take messages from its queue, or not. */
export async function switchMapping(functionName: string, Enabled: boolean): Promise<void> {
  const { EventSourceMappings = [] } = await aws.lambda.send(new ListEventSourceMappingsCommand({}));
  const UUID = EventSourceMappings.find(({ FunctionArn }) => FunctionArn?.split(':')[6] === functionName)?.UUID;
  if (UUID === undefined) throw new Error(`nothing feeds ${functionName}`);
  await aws.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
  await eventually(
    async () => {
      const { State } = await aws.lambda.send(new GetEventSourceMappingCommand({ UUID }));
      expect(State).toBe(Enabled ? 'Enabled' : 'Disabled');
    },
    { timeoutMs: 60_000 },
  );
}
