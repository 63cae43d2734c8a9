import { AwsError, type Caller } from '@outbox/local-cloud-kernel';
import { PolledQueue } from '@outbox/local-cloud-streams';
import { invalidParameter } from '../errors';

/** A queue as a mapping uses it, always as the function's role. */
export class QueueAccess extends PolledQueue {
  /** In seconds. @throws AwsError when the queue is gone or the role may not look. */
  async visibilityTimeout(caller: Caller): Promise<number> {
    return Number((await this.attributes(caller))['VisibilityTimeout'] ?? 30);
  }

  /**
   * What AWS checks when a mapping is created or changed: queue, role, time-outs.
   * @throws AwsError `InvalidParameterValueException` in AWS's wording; Terraform tries again on the permission's.
   */
  async check(caller: Caller, functionTimeoutSeconds: number): Promise<void> {
    let attributes: Readonly<Record<string, string>>;
    try {
      attributes = await this.attributes(caller);
    } catch (error) {
      throw asCreationError(error, 'GetQueueAttributes');
    }
    for (const action of ['ReceiveMessage', 'DeleteMessage']) {
      try {
        const requirement = { action: `sqs:${action}`, resource: this.queueArn, resourcePolicy: attributes['Policy'] };
        this.engine.identity.authorize(caller, [requirement], 'sqs', action);
      } catch (error) {
        throw asCreationError(error, action);
      }
    }
    const visibility = Number(attributes['VisibilityTimeout'] ?? 30);
    if (visibility < functionTimeoutSeconds) {
      throw invalidParameter(
        `Queue visibility timeout: ${visibility} seconds is less than Function timeout: ${functionTimeoutSeconds} seconds`,
      );
    }
  }
}

function asCreationError(error: unknown, action: string): unknown {
  if (!(error instanceof AwsError)) return error;
  if (error.code.startsWith('AccessDenied')) {
    return invalidParameter(`The provided execution role does not have permissions to call ${action} on SQS`);
  }
  return invalidParameter(
    `Error occurred while ${action}. SQS Error Code: ${error.queryCode ?? error.code}. SQS Error Message: ${error.message}`,
  );
}
