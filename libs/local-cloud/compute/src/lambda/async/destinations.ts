import { AwsError, parseArn, type Engine } from '@outbox/local-cloud-kernel';
import type { RoleSessions } from '../../role-sessions';
import { recordFunctionMetric } from '../function-metrics';
import type { Functions, Resolved } from '../functions';
import type { Invoked } from '../invoker';
import type { InvokeConfigRecord } from '../model';
import { functionArn, type FunctionName } from '../names';

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

/** Where finished asynchronous invocations go: destinations get a record of it, the dead-letter queue the bare event. */
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
    const destination = event.condition === 'Success' ? config.onSuccess : config.onFailure;
    if (destination)
      await this.#send(
        event.target,
        resolved,
        'DestinationDeliveryFailures',
        destination,
        destinationRecord(event, resolved, this.engine.clock.now()),
        {},
      );
    const { deadLetterArn } = resolved.version;
    if (deadLetterArn && event.condition !== 'Success') {
      await this.#send(event.target, resolved, 'DeadLetterErrors', deadLetterArn, event.payload, {
        RequestID: { DataType: 'String', StringValue: event.requestId },
        ErrorCode: { DataType: 'Number', StringValue: '200' },
        ErrorMessage: { DataType: 'String', StringValue: errorMessage(event) },
      });
    }
  }

  async #send(
    target: FunctionName,
    { record, version }: Resolved,
    failure: 'DestinationDeliveryFailures' | 'DeadLetterErrors',
    queueArn: string,
    body: string,
    attributes: Record<string, { DataType: string; StringValue: string }>,
  ): Promise<void> {
    const { accountId, region, resource } = parseArn(queueArn);
    try {
      await this.engine.calls.call(
        'sqs',
        'SendMessage',
        {
          QueueUrl: `${this.engine.origin}/${accountId}/${resource}`,
          MessageBody: body,
          MessageAttributes: attributes,
        },
        { caller: this.roles.caller(version.role, 'lambda.amazonaws.com', record.name), region },
      );
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      recordFunctionMetric(this.engine, target, failure);
      this.engine.log('warn', 'asynchronous result not delivered', {
        function: record.name,
        queueArn,
        reason: error.message,
      });
    }
  }
}

/** Source: Lambda developer guide, invocation-async-retain-records. */
function destinationRecord(event: FinishedEvent, { record, version }: Resolved, now: number): string {
  return JSON.stringify({
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: functionArn(record, event.target.qualifier ?? '$LATEST'),
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

/** The dead-letter message's text: at most the first 1 KB of the error. Source: invocation-async-retain-records. */
function errorMessage(event: FinishedEvent): string {
  const text = event.invoked ? Buffer.from(event.invoked.payload).toString('utf8') : event.condition;
  return text.slice(0, 1024) || event.condition;
}
