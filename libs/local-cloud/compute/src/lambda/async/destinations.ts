import { AwsError, type Engine } from '@outbox/local-cloud-kernel';
import type { RoleSessions } from '../../role-sessions';
import { recordFunctionMetric } from '../function-metrics';
import type { Functions, Resolved } from '../functions';
import type { Invoked } from '../invoker';
import type { InvokeConfigRecord } from '../model';
import { functionArn, type FunctionName } from '../names';
import { sendTo, type Delivery } from './result-target';

/** An asynchronous invocation that is over. */
export interface FinishedEvent {
  readonly target: FunctionName;
  readonly requestId: string;
  readonly payload: string;
  readonly condition: 'Success' | 'RetriesExhausted' | 'EventAgeExceeded';
  /** The last run; undefined when the function never ran. */
  readonly invoked: Invoked | undefined;
  /** Times the function ran. */
  readonly count: number;
}

/** Where finished asynchronous invocations go: destinations get a record of it, the dead-letter queue or topic the bare event. */
export class Destinations {
  constructor(
    private readonly engine: Engine,
    private readonly functions: Functions,
    private readonly roles: RoleSessions,
  ) {}

  /** Delivers as the function's role; what can't be delivered is lost, as on AWS, and noted in the engine's log. */
  async deliver(event: FinishedEvent, config: Pick<InvokeConfigRecord, 'onSuccess' | 'onFailure'>): Promise<void> {
    const record = this.functions.find(event.target);
    if (!record) return;
    const resolved: Resolved = this.functions.resolve(event.target);
    const succeeded = event.condition === 'Success';
    const invokedArn = functionArn(record, event.target.qualifier ?? '$LATEST');
    const destination = succeeded ? config.onSuccess : config.onFailure;
    if (destination) {
      const body = destinationRecord(event, invokedArn, resolved, this.engine.clock.now());
      const delivery = { body, attributes: {}, succeeded, functionArn: invokedArn };
      await this.#send(event.target, resolved, 'DestinationDeliveryFailures', destination, delivery);
    }
    const { deadLetterArn } = resolved.version;
    if (deadLetterArn && !succeeded) {
      const attributes = {
        RequestID: { DataType: 'String', StringValue: event.requestId },
        ErrorCode: { DataType: 'Number', StringValue: '200' },
        ErrorMessage: { DataType: 'String', StringValue: errorMessage(event) },
      };
      const delivery = { body: event.payload, attributes, succeeded, functionArn: invokedArn };
      await this.#send(event.target, resolved, 'DeadLetterErrors', deadLetterArn, delivery);
    }
  }

  async #send(
    target: FunctionName,
    { record, version }: Resolved,
    failure: 'DestinationDeliveryFailures' | 'DeadLetterErrors',
    arn: string,
    delivery: Delivery,
  ): Promise<void> {
    try {
      const caller = this.roles.caller(version.role, 'lambda.amazonaws.com', record.name);
      await sendTo(this.engine, arn, delivery, caller);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      recordFunctionMetric(this.engine, target, failure);
      this.engine.log('warn', 'asynchronous result not delivered', {
        function: record.name,
        target: arn,
        reason: error.message,
      });
    }
  }
}

/** Source: Lambda developer guide, invocation-async-retain-records. */
function destinationRecord(event: FinishedEvent, invokedArn: string, { version }: Resolved, now: number): string {
  return JSON.stringify({
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: invokedArn,
      condition: event.condition,
      approximateInvokeCount: event.count,
    },
    requestPayload: JSON.parse(event.payload) as unknown,
    ...(event.invoked
      ? {
          responseContext: {
            statusCode: 200,
            executedVersion: version.version,
            ...(event.invoked.failed ? { functionError: 'Unhandled' } : {}),
          },
          responsePayload: JSON.parse(Buffer.from(event.invoked.payload).toString('utf8')) as unknown,
        }
      : {}),
  });
}

/** What SQS and SNS refuse in a message. */
const NOT_IN_MESSAGES = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/**
 * The dead-letter message's text: at most the first 1 KB of the error's message. Source: invocation-async-retain-records.
 * It says nothing of characters that a message can't hold; they are replaced, so that the event isn't lost for their sake.
 */
function errorMessage(event: FinishedEvent): string {
  if (!event.invoked) return event.condition;
  const error: unknown = JSON.parse(Buffer.from(event.invoked.payload).toString('utf8'));
  const message = typeof error === 'object' && error !== null && 'errorMessage' in error ? error.errorMessage : '';
  const bytes = Buffer.from(String(message).replace(NOT_IN_MESSAGES, '\ufffd')).subarray(0, 1024);
  // As a stream: of a character that was cut, nothing is left.
  return new TextDecoder().decode(bytes, { stream: true }) || event.condition;
}
