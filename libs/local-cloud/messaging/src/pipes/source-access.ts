import { AwsError } from '@outbox/local-cloud-kernel';
import type { DeliveryTools } from './pipe-reading';

/** What a pipe's role needs on its source (EventBridge guide, "Event source permissions for EventBridge Pipes"). */
const ACTIONS = {
  dynamodb: ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'],
  sqs: ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'],
} as const;

/**
 * May the role read the source? AWS asks before a pipe runs, for all of the documented actions, ListStreams among them.
 * What a queue's own policy allows is asked of the queue, when it is read.
 * @throws AwsError with AWS's words for a role that lacks one; as it is when the role can't be assumed
 */
export function checkSourceAccess({ pipe, role, engine }: Pick<DeliveryTools, 'pipe' | 'role' | 'engine'>): void {
  const { caller } = role.as();
  const [prefix, service, kind] = pipe.queue
    ? (['sqs', 'sqs', 'queue'] as const)
    : (['dynamodb', 'dynamodbstreams', 'stream'] as const);
  for (const operation of ACTIONS[prefix]) {
    const requirement = { action: `${prefix}:${operation}`, resource: pipe.source };
    try {
      engine.identity.authorize(caller, [requirement], service, operation);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      engine.log('warn', 'pipe may not read its source', { pipe: pipe.arn, reason: error.message });
      throw new AwsError(
        'ValidationException',
        `Cannot access ${kind} ${pipe.source}. Please ensure the customer role can perform actions on source ${kind}`,
      );
    }
  }
}
