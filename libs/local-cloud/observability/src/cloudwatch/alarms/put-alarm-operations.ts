import {
  refuseOptions,
  tagRecord,
  type Engine,
  type ListedTag,
  type RequestContext,
  type Service,
} from '@outbox/local-cloud-kernel';
import { alarmsOf, parseRule } from '../composite/rule';
import { checkCount, resourceNotFound, validation } from '../errors';
import { alarmArn, isComposite, type AlarmRecord, type CompositeAlarmRecord, type MetricAlarmRecord } from '../model';
import { checkActions, checkDescription, checkMetricAlarm, checkName } from './alarm-checks';
import type { AlarmHistory } from './alarm-history';
import type { AlarmStates } from './alarm-states';
import { nameOf, type AlarmStore } from './alarm-store';
import { MOST_DELETED } from '../limits';

/** Options of PutCompositeAlarm that are not run. */
const REFUSED = [
  'ActionsSuppressor',
  'ActionsSuppressorWaitPeriod',
  'ActionsSuppressorExtensionPeriod',
  'ActionConfiguration',
];

export type CloudwatchOperations = Service<'cloudwatch'>['operations'];

/** What operations on alarms work with. */
export interface AlarmParts {
  readonly alarms: AlarmStore;
  readonly history: AlarmHistory;
  readonly states: AlarmStates;
}

/** The action on each of the alarms. */
export function onAlarms(action: string, names: readonly string[], context: RequestContext) {
  return names.map((name) => ({ action: `cloudwatch:${action}`, resource: alarmArn(context, name) }));
}

/** Alarms: made, changed, deleted. */
export function putAlarmOperations(engine: Pick<Engine, 'clock'>, parts: AlarmParts): CloudwatchOperations {
  const { alarms, history, states } = parts;
  const requires =
    (action: string) =>
    (input: { AlarmName?: string | undefined; Tags?: readonly unknown[] | undefined }, context: RequestContext) => [
      ...onAlarms(action, [input.AlarmName ?? ''], context),
      ...(input.Tags?.length ? onAlarms('TagResource', [input.AlarmName ?? ''], context) : []),
    ];
  /** An alarm that is there keeps its state, and its tags: those are changed by TagResource only. */
  const kept = (context: RequestContext, name: string, tags?: readonly ListedTag[]) => {
    const known = alarms.find(context, name);
    const now = engine.clock.now();
    return {
      known,
      base: {
        accountId: context.accountId,
        region: context.region,
        name,
        updatedAt: now,
        state: known?.state ?? ('INSUFFICIENT_DATA' as const),
        stateReason: known?.stateReason ?? 'Unchecked: Initial alarm creation',
        stateReasonData: known?.stateReasonData,
        stateUpdatedAt: known?.stateUpdatedAt ?? now,
        stateTransitionedAt: known?.stateTransitionedAt ?? known?.stateUpdatedAt ?? now,
        tags: known?.tags ?? tagRecord(tags),
      },
    };
  };
  const put = (known: AlarmRecord | undefined, alarm: AlarmRecord): void => {
    if (known && isComposite(known) !== isComposite(alarm)) {
      throw validation(`Alarm ${alarm.name} already exists, and is of another type.`);
    }
    alarms.put(alarm);
    history.configured(alarm, known ? 'updated' : 'created', alarm.updatedAt);
  };

  return {
    PutMetricAlarm: {
      requires: requires('PutMetricAlarm'),
      handle: (input, context) => {
        checkMetricAlarm(input);
        const { AlarmName: name = '', Tags, ...settings } = input;
        const { known, base } = kept(context, name, Tags);
        const alarm: MetricAlarmRecord = { ...base, settings };
        put(known, alarm);
        return {};
      },
    },
    PutCompositeAlarm: {
      requires: requires('PutCompositeAlarm'),
      handle: (input, context) => {
        refuseOptions('cloudwatch', 'PutCompositeAlarm', input, ...REFUSED);
        checkName(input.AlarmName);
        checkDescription(input);
        checkActions(input);
        const { AlarmName: name = '', Tags, ...settings } = input;
        const rule = input.AlarmRule ?? '';
        checkReferences(alarms, context, name, rule);
        const { known, base } = kept(context, name, Tags);
        const alarm: CompositeAlarmRecord = { ...base, settings, rule };
        put(known, alarm);
        states.ruled(alarm, known ? 'updated' : 'created');
        return {};
      },
    },
    DeleteAlarms: {
      requires: (input, context) => onAlarms('DeleteAlarms', input.AlarmNames ?? [], context),
      handle: (input, context) => {
        const names = input.AlarmNames ?? [];
        checkCount(names, 'alarmNames', 0, MOST_DELETED);
        const found = names.flatMap((name) => alarms.find(context, name) ?? []);
        if (found.length === 0) throw resourceNotFound(`Alarms ${names.join(', ')} do not exist`);
        if (found.filter(isComposite).length > 1) {
          throw validation('No more than one composite alarm can be deleted in one operation.');
        }
        for (const { name } of found) {
          const dependents = alarms.dependents(context, name).filter((alarm) => !names.includes(alarm.name));
          if (dependents.length > 0) {
            throw validation(
              `Cannot delete ${name} as there are composite alarm(s) depending on it. CompositeAlarms=[${dependents.map((alarm) => alarm.name).join(', ')}]`,
            );
          }
        }
        for (const alarm of found) {
          alarms.delete(alarm);
          history.configured(alarm, 'deleted', engine.clock.now());
        }
        return {};
      },
    },
  };
}

function checkReferences(alarms: AlarmStore, context: RequestContext, name: string, rule: string): void {
  parseRule(rule);
  const references = alarmsOf(rule);
  if (references.some((reference) => nameOf(reference) === name)) {
    throw validation(`Alarm ${name} cannot refer to itself in its alarm rule.`);
  }
  const missing = references.filter((reference) => !alarms.findReferenced(context, reference));
  if (missing.length > 0) {
    throw validation(
      `Could not save the composite alarm as alarms [${missing.join(', ')}] in the alarm rule do not exist`,
    );
  }
}
