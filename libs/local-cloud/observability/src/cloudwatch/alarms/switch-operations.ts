import { AwsError, type RequestContext } from '@outbox/local-cloud-kernel';
import { checkText, resourceNotFound } from '../errors';
import type { StateValue } from '../model';
import { onAlarms, type AlarmParts, type CloudwatchOperations } from './put-alarm-operations';

/** Alarms by hand: a state for a while, actions off and on. */
export function switchOperations({ alarms, states }: AlarmParts): CloudwatchOperations {
  const enable = (names: readonly string[], context: RequestContext, ActionsEnabled: boolean) => {
    for (const name of names) {
      const alarm = alarms.find(context, name);
      if (!alarm) continue;
      // Told apart for the compiler: each kind has settings of its own.
      if ('rule' in alarm) alarms.put({ ...alarm, settings: { ...alarm.settings, ActionsEnabled } });
      else alarms.put({ ...alarm, settings: { ...alarm.settings, ActionsEnabled } });
    }
    return {};
  };
  return {
    // Lasts until the next evaluation that comes to another state. Source: API reference, SetAlarmState.
    SetAlarmState: {
      requires: (input, context) => onAlarms('SetAlarmState', [input.AlarmName ?? ''], context),
      handle: (input, context) => {
        const { StateReason: stateReason = '', StateReasonData: stateReasonData } = input;
        checkText(stateReason, 'stateReason', { least: 0, most: 1023 });
        if (stateReasonData !== undefined && !isJson(stateReasonData)) {
          throw new AwsError('InvalidFormatFault', 'StateReasonData is not valid JSON', { queryCode: 'InvalidFormat' });
        }
        const alarm = alarms.find(context, input.AlarmName ?? '');
        if (!alarm) throw resourceNotFound();
        states.set(alarm, { state: input.StateValue as StateValue, stateReason, stateReasonData });
        return {};
      },
    },
    EnableAlarmActions: {
      requires: (input, context) => onAlarms('EnableAlarmActions', input.AlarmNames ?? [], context),
      handle: (input, context) => enable(input.AlarmNames ?? [], context, true),
    },
    DisableAlarmActions: {
      requires: (input, context) => onAlarms('DisableAlarmActions', input.AlarmNames ?? [], context),
      handle: (input, context) => enable(input.AlarmNames ?? [], context, false),
    },
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
