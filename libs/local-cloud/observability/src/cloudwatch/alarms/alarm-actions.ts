import { AwsError, parseArn, toAwsError, type Engine } from '@outbox/local-cloud-kernel';
import { alarmArn, type AlarmRecord, type StateValue } from '../model';
import { alarmNotification } from './alarm-notification';
import { lambdaPayload, stateChangeDetail, type StateChange } from './alarm-event';
import type { AlarmHistory } from './alarm-history';

/** The service principal that functions let in. Source: user guide, "Invoke a Lambda function from an alarm". */
const LAMBDA_ALARMS = 'lambda.alarms.cloudwatch.amazonaws.com';
const CLOUDWATCH = 'cloudwatch.amazonaws.com';

/** Tells of changes of state, one after another: the event on the default bus, then the actions the alarm asks for. */
export class AlarmActions {
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly engine: Pick<Engine, 'calls' | 'identity' | 'clock' | 'log'>,
    private readonly history: AlarmHistory,
  ) {}

  tell(change: StateChange): void {
    this.#running = this.#running.then(() => this.#tell(change));
  }

  /** Resolves when nothing is left to tell. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #tell(change: StateChange): Promise<void> {
    const { alarm, at } = change;
    const sent = await this.#run(() => this.#sendEvent(change));
    if (sent !== undefined)
      this.engine.log('warn', 'an alarm’s event was not sent', { alarm: alarm.name, reason: sent });
    // Composite alarms don't act while their actions are off; their event is sent all the same, as any alarm's.
    if (alarm.settings.ActionsEnabled === false) return;
    for (const action of actionsOf(alarm, change.next.state)) {
      this.history.acted(alarm, action, await this.#run(() => this.#act(action, change)), at);
    }
  }

  async #sendEvent(change: StateChange): Promise<void> {
    const { accountId, region, name } = change.alarm;
    const arn = alarmArn(change.alarm, name);
    await this.engine.calls.call(
      'events',
      'PutEvents',
      {
        Entries: [
          {
            Source: 'aws.cloudwatch',
            DetailType: 'CloudWatch Alarm State Change',
            Time: new Date(change.at),
            Resources: [arn],
            Detail: JSON.stringify(stateChangeDetail(change)),
          },
        ],
      },
      { caller: this.engine.identity.servicePrincipal(CLOUDWATCH, accountId, arn), region },
    );
  }

  async #act(action: string, change: StateChange): Promise<void> {
    const { accountId, region, name } = change.alarm;
    const arn = alarmArn(change.alarm, name);
    if (parseArn(action).service === 'sns') return this.#publish(action, change, arn);
    const caller = this.engine.identity.servicePrincipal(LAMBDA_ALARMS, accountId, arn);
    await this.engine.calls.call(
      'lambda',
      'Invoke',
      { FunctionName: action, InvocationType: 'Event', Payload: Buffer.from(JSON.stringify(lambdaPayload(change))) },
      { caller, region },
    );
  }

  async #publish(TopicArn: string, change: StateChange, arn: string): Promise<void> {
    const caller = this.engine.identity.servicePrincipal(CLOUDWATCH, change.alarm.accountId, arn);
    const input = { TopicArn, MessageStructure: 'json', ...alarmNotification(change) };
    try {
      await this.engine.calls.call('sns', 'Publish', input, { caller, region: parseArn(TopicArn).region });
    } catch (error) {
      throw publicationRefused(toAwsError(error), arn, TopicArn);
    }
  }

  /** Why it failed; undefined when it did not. An alarm's action that fails changes nothing else, as on AWS. */
  async #run(step: () => Promise<void>): Promise<string | undefined> {
    try {
      await step();
      return undefined;
    } catch (error) {
      return toAwsError(error).message;
    }
  }
}

function actionsOf({ settings }: AlarmRecord, state: StateValue): readonly string[] {
  switch (state) {
    case 'ALARM':
      return settings.AlarmActions ?? [];
    case 'OK':
      return settings.OKActions ?? [];
    case 'INSUFFICIENT_DATA':
      return settings.InsufficientDataActions ?? [];
  }
}

/** In the words of an alarm's history. Source: AWS re:Post, "Why didn't I receive an SNS notification for my alarm". */
function publicationRefused(error: AwsError, alarm: string, topic: string): AwsError {
  switch (error.code) {
    case 'AuthorizationErrorException':
      return new AwsError(
        error.code,
        `Resource: ${alarm} is not authorized to perform: SNS:Publish on resource: ${topic}`,
      );
    case 'KMSAccessDeniedException':
      return new AwsError(
        error.code,
        'CloudWatch Alarms does not have authorization to access the SNS topic encryption key.',
      );
    default:
      return error;
  }
}
