import { toAwsError, type Engine } from '@outbox/local-cloud-kernel';
import { alarmArn, type AlarmRecord, type StateValue } from '../model';
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
    const caller = this.engine.identity.servicePrincipal(LAMBDA_ALARMS, accountId, alarmArn(change.alarm, name));
    if (!action.includes(':lambda:')) throw new Error(`${action} does not exist in the local cloud`);
    await this.engine.calls.call(
      'lambda',
      'Invoke',
      { FunctionName: action, InvocationType: 'Event', Payload: Buffer.from(JSON.stringify(lambdaPayload(change))) },
      { caller, region },
    );
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
