import { AwsError, parseArn, type Caller, type Engine } from '@outbox/local-cloud-kernel';

/** What is delivered: a record of the invocation, or the bare event for a dead-letter queue. */
export interface Delivery {
  /** JSON text. */
  readonly body: string;
  /** Message attributes, where the target knows such. */
  readonly attributes: Readonly<Record<string, { readonly DataType: string; readonly StringValue: string }>>;
  readonly succeeded: boolean;
  /** The function as it was invoked, with its qualifier. */
  readonly functionArn: string;
}

/** A kind of target: what the function's role must be allowed, and how it is done. */
interface Kind {
  readonly action: string;
  readonly send: (engine: Engine, arn: string, delivery: Delivery, caller: Caller) => Promise<unknown>;
}

/** Where the results of asynchronous invocations may go. Source: Lambda developer guide, invocation-async-retain-records. */
const KINDS: Readonly<Record<string, Kind>> = {
  sqs: {
    action: 'sqs:SendMessage',
    send: (engine, arn, { body, attributes }, caller) => {
      const { accountId, region, resource } = parseArn(arn);
      const QueueUrl = `${engine.origin}/${accountId}/${resource}`;
      const input = { QueueUrl, MessageBody: body, MessageAttributes: { ...attributes } };
      return engine.calls.call('sqs', 'SendMessage', input, { caller, region });
    },
  },
  sns: {
    action: 'sns:Publish',
    send: (engine, TopicArn, { body, attributes }, caller) => {
      const input = { TopicArn, Message: body, MessageAttributes: { ...attributes } };
      return engine.calls.call('sns', 'Publish', input, { caller, region: parseArn(TopicArn).region });
    },
  },
  lambda: {
    action: 'lambda:InvokeFunction',
    send: (engine, FunctionName, { body }, caller) => {
      const input = { FunctionName, InvocationType: 'Event' as const, Payload: Buffer.from(body) };
      return engine.calls.call('lambda', 'Invoke', input, { caller, region: parseArn(FunctionName).region });
    },
  },
  events: {
    action: 'events:PutEvents',
    send: async (engine, EventBusName, { body, succeeded, functionArn }, caller) => {
      const entry = {
        EventBusName,
        Source: 'lambda',
        DetailType: `Lambda Function Invocation Result - ${succeeded ? 'Success' : 'Failure'}`,
        Detail: body,
        Resources: [functionArn, EventBusName],
      };
      const { region } = parseArn(EventBusName);
      const { Entries } = await engine.calls.call('events', 'PutEvents', { Entries: [entry] }, { caller, region });
      const [result] = Entries ?? [];
      if (result?.ErrorCode) throw new AwsError(result.ErrorCode, result.ErrorMessage ?? result.ErrorCode);
    },
  },
};

/** The permission that delivering to `arn` takes, e.g. `sqs:SendMessage`; undefined when nothing can be delivered there. */
export function actionFor(arn: string): string | undefined {
  return kindOf(arn)?.action;
}

/**
 * Delivers as the function's role.
 * @throws AwsError of the service behind `arn`
 */
export async function sendTo(engine: Engine, arn: string, delivery: Delivery, caller: Caller): Promise<void> {
  await kindOf(arn)?.send(engine, arn, delivery, caller);
}

function kindOf(arn: string): Kind | undefined {
  const service = arn.split(':')[2] ?? '';
  return Object.hasOwn(KINDS, service) ? KINDS[service] : undefined;
}
