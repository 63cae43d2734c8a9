import { unsupported, withTags, type RequestContext, type Service } from '@outbox/local-cloud-kernel';
import { checkText } from '../shared/constraints';
import { validation } from './errors';
import type { EventStore, StoredRule } from './event-store';
import { parseRuleSchedule } from '../schedule-expression/schedule-expression';
import { pageOf } from '../shared/page';
import { busAddress, checkName, DEFAULT_BUS, ruleArn, type BusAddress } from './names';
import { onRule } from './rule-requirements';
import { TAG_RULES } from './tags';
import { MAX_PATTERN } from './limits';

/** Rules: what events go to targets. `changed` is told of every rule whose schedule or state may have changed. */
export function ruleOperations(store: EventStore, changed: (ruleArn: string) => void): Service<'events'>['operations'] {
  const setState = (
    name: string | undefined,
    busName: string | undefined,
    enabled: boolean,
    context: Parameters<typeof busAddress>[1],
  ): object => {
    const bus = store.bus(busAddress(busName, context));
    const rule = store.rule(ruleArn(bus, name ?? ''), name ?? '', bus);
    if (rule.enabled !== enabled) store.change({ ...rule, enabled });
    changed(rule.arn);
    return {};
  };

  const on =
    (action: string) =>
    ({ Name: rule, EventBusName: bus }: { Name?: string; EventBusName?: string }, context: RequestContext) => [
      onRule(action, { rule, bus }, store, context),
    ];

  return {
    PutRule: {
      requires: (input, context) => {
        const { Name: rule, EventBusName: bus, EventPattern: pattern } = input;
        const put = onRule('PutRule', { rule, bus, pattern }, store, context);
        return input.Tags?.length ? [put, { action: 'events:TagResource', resource: put.resource }] : [put];
      },
      handle: (input, context) => {
        const name = checkName(input.Name, 'name', 64);
        checkText(input.Description, 'description', { least: 0, most: 512 });
        const bus = store.bus(busAddress(input.EventBusName, context));
        if (input.RoleArn) throw unsupported('events', 'PutRule', 'a role on the rule');
        if (input.State === 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS')
          throw unsupported('events', 'PutRule', `state ${input.State}`);
        checkTriggers(input.EventPattern, input.ScheduleExpression, bus);
        if (input.EventPattern) store.pattern(input.EventPattern);
        const { accountId, region, arn: busArn, name: busName } = bus;
        const arn = ruleArn(bus, name);
        const known = store.rules.get(arn);
        store.change({
          arn,
          name,
          bus: { accountId, region, arn: busArn, name: busName },
          pattern: input.EventPattern || undefined,
          schedule: input.ScheduleExpression || undefined,
          enabled: input.State !== 'DISABLED',
          description: input.Description,
          createdBy: known?.createdBy ?? context.accountId,
          // PutRule on a rule that exists leaves its tags alone (EventBridge API reference).
          tags: known?.tags ?? withTags({}, input.Tags, TAG_RULES),
          targets: known?.targets ?? [],
        });
        changed(arn);
        return { RuleArn: arn };
      },
    },
    DescribeRule: {
      requires: on('DescribeRule'),
      handle: (input, context) => {
        const bus = busAddress(input.EventBusName, context);
        store.bus(bus);
        const rule = store.rule(ruleArn(bus, input.Name ?? ''), input.Name ?? '', bus);
        return { ...shownRule(rule), CreatedBy: rule.createdBy };
      },
    },
    DeleteRule: {
      requires: on('DeleteRule'),
      handle: (input, context) => {
        const bus = busAddress(input.EventBusName, context);
        store.bus(bus);
        const rule = store.rules.get(ruleArn(bus, input.Name ?? ''));
        if (rule && rule.targets.length > 0) throw validation("Rule can't be deleted since it has targets.");
        if (rule) store.rules.delete(rule.arn);
        if (rule) changed(rule.arn);
        return {};
      },
    },
    EnableRule: {
      requires: on('EnableRule'),
      handle: (input, context) => setState(input.Name, input.EventBusName, true, context),
    },
    DisableRule: {
      requires: on('DisableRule'),
      handle: (input, context) => setState(input.Name, input.EventBusName, false, context),
    },
    ListRules: {
      requires: (input, context) => [
        { action: 'events:ListRules', resource: ruleArn(busAddress(input.EventBusName, context), '*') },
      ],
      handle: (input, context) => {
        const bus = store.bus(busAddress(input.EventBusName, context));
        const prefix = input.NamePrefix ?? '';
        const rules = store.rulesOf(bus).filter((rule) => rule.name.startsWith(prefix));
        const page = pageOf(rules, (rule) => rule.name, 'limit', input.Limit, input.NextToken);
        return { Rules: page.items.map(shownRule), NextToken: page.next };
      },
    },
    ListRuleNamesByTarget: {
      requires: (input, context) => [
        { action: 'events:ListRuleNamesByTarget', resource: ruleArn(busAddress(input.EventBusName, context), '*') },
      ],
      handle: (input, context) => {
        const bus = store.bus(busAddress(input.EventBusName, context));
        const rules = store
          .rulesOf(bus)
          .filter((rule) => rule.targets.some((target) => target.Arn === input.TargetArn));
        const page = pageOf(rules, (rule) => rule.name, 'limit', input.Limit, input.NextToken);
        return { RuleNames: page.items.map((rule) => rule.name), NextToken: page.next };
      },
    },
  };
}

/** @throws AwsError ValidationException in AWS's wording for a rule that nothing triggers, or not so */
function checkTriggers(pattern: string | undefined, schedule: string | undefined, bus: BusAddress): void {
  if (!pattern && !schedule) throw validation('Parameter(s) EventPattern or ScheduleExpression must be specified.');
  checkText(pattern, 'eventPattern', { least: 0, most: MAX_PATTERN });
  checkText(schedule, 'scheduleExpression', { least: 0, most: 256 });
  if (!schedule) return;
  if (bus.name !== DEFAULT_BUS) throw validation('ScheduleExpression is supported only on the default event bus.');
  if (!parseRuleSchedule(schedule)) throw validation('Parameter ScheduleExpression is not valid.');
}

function shownRule(rule: StoredRule) {
  return {
    Name: rule.name,
    Arn: rule.arn,
    EventPattern: rule.pattern,
    ScheduleExpression: rule.schedule,
    State: rule.enabled ? ('ENABLED' as const) : ('DISABLED' as const),
    Description: rule.description,
    EventBusName: rule.bus.name,
  };
}
