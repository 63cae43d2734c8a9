import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/**
 * What may happen to a transaction. `throttled`: refused, worth another try. `unreachable`: never sent, and no answer.
 * `lost`: it took effect, its answer is an outage, worth another try. `forgotten`: the same, and the next try meets a
 * DynamoDB that has forgotten the token. `unanswered`: it took effect, and no answer came.
 */
export type Fault = 'throttled' | 'unreachable' | 'lost' | 'forgotten' | 'unanswered';

const ERRORS: Readonly<Record<Fault, string>> = {
  throttled: 'ThrottlingException',
  unreachable: 'TimeoutError',
  lost: 'InternalServerError',
  forgotten: 'InternalServerError',
  unanswered: 'TimeoutError',
};

/** Asks before every transaction that a client sends what is to happen to it; undefined: nothing unusual. */
export function addFaults(client: DynamoDBClient, next: () => Fault | undefined): void {
  const forgotten = new Set<string>();
  client.middlewareStack.add(
    (handle, context) => async (args) => {
      if (context.commandName !== 'TransactWriteItemsCommand') return handle(args);
      const { ClientRequestToken: token = '', ...input } = args.input as { readonly ClientRequestToken?: string };
      const sent = forgotten.has(token) ? { ...args, input: input as typeof args.input } : args;
      const fault = next();
      const takesEffect = fault !== 'throttled' && fault !== 'unreachable';
      const answered = takesEffect ? await handle(sent) : undefined;
      if (answered && fault === undefined) return answered;
      if (fault === 'forgotten') forgotten.add(token);
      throw Object.assign(new Error(`the transaction was ${fault}`), { name: ERRORS[fault ?? 'unanswered'] });
    },
    { step: 'initialize', name: 'faults' },
  );
}
