import { AwsError, parseArn, unsupported, type Caller, type Engine } from '@outbox/local-cloud-kernel';
import { actionFor } from '../async/result-target';
import { invalidParameter } from '../errors';

/** What the role needs on a stream. Source: Lambda developer guide, with-ddb, "Execution role permissions". */
const ACTIONS = ['GetRecords', 'GetShardIterator', 'DescribeStream', 'ListStreams'] as const;

/**
 * What AWS checks when a mapping of a stream is created or changed: the role may read it, it exists, and the role may send to
 * the destination. It publishes no text for the last.
 * @throws AwsError `InvalidParameterValueException`
 */
export async function checkStream(
  engine: Engine,
  streamArn: string,
  onFailure: string | undefined,
  caller: Caller,
): Promise<void> {
  for (const operation of ACTIONS) {
    const requirement = { action: `dynamodb:${operation}`, resource: streamArn };
    try {
      engine.identity.authorize(caller, [requirement], 'dynamodbstreams', operation);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw invalidParameter(
        `Cannot access stream ${streamArn}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM.`,
      );
    }
  }
  try {
    const { region } = parseArn(streamArn);
    await engine.calls.call('dynamodbstreams', 'DescribeStream', { StreamArn: streamArn }, { caller, region });
  } catch (error) {
    if (!(error instanceof AwsError) || error.fault === 'server') throw error;
    // Recorded on AWS by LocalStack's test_esm_with_not_existing_dynamodb_stream.
    throw invalidParameter(`Stream not found: ${streamArn}`);
  }
  if (onFailure) checkDestination(engine, onFailure, caller);
}

function checkDestination(engine: Engine, destination: string, caller: Caller): void {
  const action = actionFor(destination);
  if (action !== 'sqs:SendMessage' && action !== 'sns:Publish') {
    throw unsupported('lambda', 'CreateEventSourceMapping', `the destination ${destination}`);
  }
  try {
    engine.identity.authorize(caller, [{ action, resource: destination }], 'lambda', action);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalidParameter(
      `The function's execution role does not have permissions to call ${action.split(':')[1] ?? ''} on ${destination}`,
    );
  }
}
