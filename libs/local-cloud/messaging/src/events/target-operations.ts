import type { Target } from '@aws-sdk/client-eventbridge';
import type { RequestContext, Requirement, Service } from '@outbox/local-cloud-kernel';
import { checkCount } from '../shared/constraints';
import { limitExceeded } from './errors';
import type { EventStore, StoredRule } from './event-store';
import { pageOf } from '../shared/page';
import { busAddress, ruleArn } from './names';
import { onRule } from './rule-requirements';
import { checkTarget } from './target-checks';
import { MAX_TARGETS, MAX_TARGET_ENTRIES } from './limits';

/** PutTargets, RemoveTargets, ListTargetsByRule. */
export function targetOperations(store: EventStore): Service<'events'>['operations'] {
  const ruleOf = (name: string | undefined, busName: string | undefined, context: RequestContext): StoredRule => {
    const bus = busAddress(busName, context);
    store.bus(bus);
    return store.rule(ruleArn(bus, name ?? ''), name ?? '', bus);
  };

  return {
    PutTargets: {
      requires: ({ Rule: rule, EventBusName: bus, Targets: targets = [] }, context) => [
        onRule('PutTargets', { rule, bus, targets }, store, context),
        ...targets.flatMap(({ RoleArn }) => passRole(RoleArn)),
      ],
      handle: (input, context) => {
        const rule = ruleOf(input.Rule, input.EventBusName, context);
        const targets = input.Targets ?? [];
        checkCount(targets, 'targets', 1, MAX_TARGET_ENTRIES);
        targets.forEach((target, index) => checkTarget(target, index + 1));
        const byId = new Map(rule.targets.map((target) => [target.Id, target]));
        for (const target of targets) byId.set(target.Id, plainTarget(target));
        if (byId.size > MAX_TARGETS) throw limitExceeded();
        store.change({ ...rule, targets: [...byId.values()] });
        return { FailedEntryCount: 0, FailedEntries: [] };
      },
    },
    RemoveTargets: {
      requires: ({ Rule: rule, EventBusName: bus }, context) => [
        onRule('RemoveTargets', { rule, bus }, store, context),
      ],
      handle: (input, context) => {
        const rule = ruleOf(input.Rule, input.EventBusName, context);
        checkCount(input.Ids, 'ids', 1, MAX_TARGET_ENTRIES);
        const gone = new Set(input.Ids);
        store.change({ ...rule, targets: rule.targets.filter((target) => !gone.has(target.Id ?? '')) });
        return { FailedEntryCount: 0, FailedEntries: [] };
      },
    },
    ListTargetsByRule: {
      requires: ({ Rule: rule, EventBusName: bus }, context) => [
        onRule('ListTargetsByRule', { rule, bus }, store, context),
      ],
      handle: (input, context) => {
        const rule = ruleOf(input.Rule, input.EventBusName, context);
        const page = pageOf(rule.targets, (target) => target.Id ?? '', 'limit', input.Limit, input.NextToken);
        return { Targets: page.items, NextToken: page.next };
      },
    },
  };
}

/** Handing a role to EventBridge is a permission of its own (IAM user guide, iam:PassRole). */
function passRole(role: string | undefined): Requirement[] {
  if (!role) return [];
  const conditions = { 'iam:PassedToService': 'events.amazonaws.com' };
  return [{ action: 'iam:PassRole', resource: role, conditions }];
}

/** Without members that were not given: what is listed is what was put. */
function plainTarget(target: Target): Target {
  return JSON.parse(JSON.stringify(target)) as Target;
}
