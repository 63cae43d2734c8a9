import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { deadLetter } from '@outbox/function-kit';
import type { DeadLetters } from '@outbox/outbox-dynamodb';

/** What the dead letters of this function carry as `consumer`. */
const CONSUMER = 'outbox-acknowledger';

/** Where messages go that the acknowledger can never make sense of. */
export function createDeadLetters(sqs: SQSClient, dlqUrl: string): DeadLetters {
  return {
    send: async (receipt, reason, detail) => {
      await sqs.send(new SendMessageCommand(deadLetter(dlqUrl, receipt, { consumer: CONSUMER, reason, detail })));
    },
  };
}
