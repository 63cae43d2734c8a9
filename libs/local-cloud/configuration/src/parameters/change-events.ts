import { toAwsError, type Engine } from '@outbox/local-cloud-kernel';
import { latestOf, parameterArn, type ParameterRecord } from './model';

/** What is told of parameters. */
export type ParameterChange = 'Create' | 'Update' | 'Delete' | 'LabelParameterVersion';

/** Tells the default bus of changes. */
export type TellChange = (change: ParameterChange, parameter: ParameterRecord) => Promise<void>;

/**
 * Sends `Parameter Store Change` to the default bus of a parameter's account and region. Source: Systems Manager user
 * guide, "Amazon EventBridge event examples for Systems Manager". AWS sends them as well as it can: one that can't be
 * sent fails nothing.
 */
export function changeEvents(engine: Pick<Engine, 'calls' | 'clock' | 'identity' | 'log'>): TellChange {
  return async (operation, parameter) => {
    const { accountId, name, region } = parameter;
    const { description, type } = latestOf(parameter);
    const arn = parameterArn(parameter, name);
    const entry = {
      Source: 'aws.ssm',
      DetailType: 'Parameter Store Change',
      Time: new Date(engine.clock.now()),
      Resources: [arn],
      Detail: JSON.stringify({ operation, name, type, ...(description === undefined ? {} : { description }) }),
    };
    try {
      const caller = engine.identity.servicePrincipal('ssm.amazonaws.com', accountId, arn);
      await engine.calls.call('events', 'PutEvents', { Entries: [entry] }, { caller, region });
    } catch (error) {
      engine.log('warn', 'a parameter’s event was not sent', { parameter: arn, reason: toAwsError(error).message });
    }
  };
}
