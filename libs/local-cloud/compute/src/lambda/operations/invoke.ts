import { Uint8ArrayBlobAdapter } from '@smithy/core/serde';
import { MAX_ASYNC_BYTES, MAX_SYNC_BYTES } from '../limits';
import { checkPayload, type Invoker } from '../invoker';
import { invalidParameter } from '../errors';
import { functionArn, parseFunctionName } from '../names';
import type { LambdaOperations } from '../operation';
import type { AsyncQueue } from '../async/async-queue';
import type { LambdaParts } from '../parts';
import { refuseUnknownOptions } from '../../refuse';
import { policyText } from './permissions';

/** Invoke: synchronous, asynchronous, dry run. A function's failure is status 200 with FunctionError, as on AWS. */
export function invokeOperations({ functions }: LambdaParts, invoker: Invoker, queue: AsyncQueue): LambdaOperations {
  return {
    Invoke: {
      requires: (input, context) => {
        const at = parseFunctionName(input.FunctionName, context, input.Qualifier);
        const record = functions.find(at);
        return [
          {
            action: 'lambda:InvokeFunction',
            resource: functionArn(at, at.qualifier),
            resourcePolicy: record ? policyText(record, at.qualifier) : undefined,
          },
        ];
      },
      handle: async (input, context) => {
        refuseUnknownOptions('lambda', 'Invoke', input, [
          'FunctionName',
          'InvocationType',
          'LogType',
          'ClientContext',
          'Payload',
          'Qualifier',
        ]);
        const at = parseFunctionName(input.FunctionName, context, input.Qualifier);
        // AWS names the version it looked for, even when the request named none.
        const { version } = functions.resolve({ ...at, qualifier: at.qualifier ?? '$LATEST' });
        const clientContext = decodeClientContext(input.ClientContext);
        switch (input.InvocationType) {
          case 'DryRun':
            return { StatusCode: 204, ExecutedVersion: version.version };
          case 'Event': {
            const payload = checkPayload(input.Payload, MAX_ASYNC_BYTES, 'Event');
            queue.enqueue(at, payload, { requestId: context.requestId, clientContext });
            return { StatusCode: 202, Payload: Uint8ArrayBlobAdapter.mutate(new Uint8Array()) };
          }
          default: {
            const payload = checkPayload(input.Payload, MAX_SYNC_BYTES, 'RequestResponse');
            const result = await invoker.invoke(at, payload, { requestId: context.requestId, clientContext });
            return {
              StatusCode: 200,
              ExecutedVersion: result.executedVersion,
              Payload: Uint8ArrayBlobAdapter.mutate(new Uint8Array(result.payload)),
              ...(result.failed ? { FunctionError: 'Unhandled' } : {}),
              ...(input.LogType === 'Tail' ? { LogResult: Buffer.from(await result.logTail).toString('base64') } : {}),
            };
          }
        }
      },
    },
  };
}

function decodeClientContext(encoded: string | undefined): string | undefined {
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  try {
    JSON.parse(text);
  } catch {
    throw invalidParameter('Client context must be a valid Base64-encoded JSON object.');
  }
  return text;
}
