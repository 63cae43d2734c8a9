import { AwsError, parseArn, type Caller, type Engine } from '@outbox/local-cloud-kernel';
import type { RoleSessions } from '../role-sessions';
import { actionFor } from './async/result-target';
import { invalidParameter } from './errors';
import type { VersionRecord } from './model';
import type { FunctionName } from './names';

/**
 * What AWS checks of a dead-letter queue or topic when a function is given it: the role may send there, and it exists in
 * the function's region. Source: Lambda developer guide, invocation-async-retain-records, "Adding a dead-letter queue";
 * AWS publishes the first refusal's text, the second's is ours.
 * @throws AwsError `InvalidParameterValueException`
 */
export async function checkDeadLetters(
  engine: Engine,
  roles: RoleSessions,
  at: Omit<FunctionName, 'qualifier'>,
  { deadLetterArn, role }: Pick<VersionRecord, 'deadLetterArn' | 'role'>,
): Promise<void> {
  if (!deadLetterArn) return;
  const action = actionFor(deadLetterArn) ?? '';
  const [service = '', operation = ''] = action.split(':');
  try {
    const caller = roles.caller(role, 'lambda.amazonaws.com', at.name);
    engine.identity.authorize(caller, [{ action, resource: deadLetterArn }], 'lambda', action);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw invalidParameter(
      `The provided execution role does not have permissions to call ${operation} on ${service.toUpperCase()}`,
    );
  }
  if (parseArn(deadLetterArn).region !== at.region || !(await exists(engine, deadLetterArn))) {
    throw invalidParameter(`The dead-letter target ${deadLetterArn} does not exist in the region ${at.region}.`);
  }
}

/** Looked up as the account's own root, because sending is all that the role needs. */
async function exists(engine: Engine, arn: string): Promise<boolean> {
  const { accountId, region, resource, service } = parseArn(arn);
  const root = `arn:aws:iam::${accountId}:root`;
  const caller: Caller = { kind: 'root', accountId, arn: root, userId: accountId };
  try {
    if (service === 'sqs') {
      const QueueUrl = `${engine.origin}/${accountId}/${resource}`;
      await engine.calls.call('sqs', 'GetQueueAttributes', { QueueUrl }, { caller, region });
    } else await engine.calls.call('sns', 'GetTopicAttributes', { TopicArn: arn }, { caller, region });
    return true;
  } catch (error) {
    if (!(error instanceof AwsError) || error.fault === 'server') throw error;
    return false;
  }
}
