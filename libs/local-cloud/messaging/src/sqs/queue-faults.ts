import { failure, type RequestContext, type ServiceFaults } from '@outbox/local-cloud-kernel';

/** A reordered message is held back for up to so long. */
const LONGEST_HOLD_SECONDS = 3;

const KINDS = [
  /** A received message is handed to a second receiver at once. */
  'duplicate-delivery',
  /** A message is delivered later than those sent after it. */
  'reorder-delivery',
  /** One queue takes nothing for a while: every send to it fails. */
  'queue-outage',
];

/**
 * What goes wrong with queues.
 * @param makeVisible has a received message be received again at once
 */
export function queueFaults(
  makeVisible: (queueUrl: string, receiptHandle: string, context: RequestContext) => unknown,
): ServiceFaults {
  return {
    kinds: KINDS,
    /**
     * EventBridge drops an event that neither the target nor its dead-letter queue admits, and no stack has an answer to
     * that: a denial strikes one of the two only. What it sends to a dead-letter queue has attributes.
     */
    isNeverDenied: ({ caller, operation }, input) =>
      caller.kind === 'service' && operation === 'SendMessage' && input['MessageAttributes'] !== undefined,
    async around(faults, context, input, run) {
      const queueUrl = String(input['QueueUrl']);
      switch (context.operation) {
        case 'SendMessage':
        case 'SendMessageBatch':
          if (faults.isOut('queue-outage', queueUrl)) throw failure({}, 'injected outage');
          return context.operation === 'SendMessage' && faults.strikes('reorder-delivery')
            ? run({ ...input, DelaySeconds: 1 + Math.floor(faults.random() * LONGEST_HOLD_SECONDS) })
            : run(input);
        case 'ReceiveMessage': {
          // A lost answer of a receive is a message that stays invisible: the same as a crash of its receiver.
          const output = (await run(input)) as { readonly Messages?: readonly { readonly ReceiptHandle?: string }[] };
          const handle = output.Messages?.[0]?.ReceiptHandle;
          if (handle !== undefined && faults.strikes('duplicate-delivery')) {
            await makeVisible(queueUrl, handle, context);
          }
          return output;
        }
        default:
          return run(input);
      }
    },
  };
}
