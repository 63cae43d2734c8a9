import { AwsError } from '@outbox/local-cloud-kernel';
import type { DeliveryTools } from './pipe-reading';

/** What a pipe's role needs on a DynamoDB stream (EventBridge guide, "Event source permissions for EventBridge Pipes"). */
const STREAM_ACTIONS = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'] as const;

/**
 * May the role read the source? AWS asks before a pipe runs, for all of the documented actions, ListStreams among them.
 * @throws AwsError with AWS's words for a role that lacks one; as it is when the role can't be assumed
 */
export function checkSourceAccess({ pipe, role, engine }: Pick<DeliveryTools, 'pipe' | 'role' | 'engine'>): void {
  const { caller } = role.as();
  for (const operation of STREAM_ACTIONS) {
    const requirement = { action: `dynamodb:${operation}`, resource: pipe.source };
    try {
      engine.identity.authorize(caller, [requirement], 'dynamodbstreams', operation);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      engine.log('warn', 'pipe may not read its source', { pipe: pipe.arn, reason: error.message });
      throw new AwsError(
        'ValidationException',
        `Cannot access stream ${pipe.source}. Please ensure the customer role can perform actions on source stream`,
      );
    }
  }
}
