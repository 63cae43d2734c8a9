import type { Target } from '@aws-sdk/client-eventbridge';
import type { RequestContext, Requirement } from '@outbox/local-cloud-kernel';
import { isJsonObject, parseJson, type Json } from '@outbox/local-cloud-pattern';
import type { EventStore } from './event-store';
import { busAddress, ruleArn } from './names';

type Conditions = NonNullable<Requirement['conditions']>;

/** What a request about a rule says that policies may ask for. */
interface RuleRequest {
  readonly rule: string | undefined;
  readonly bus: string | undefined;
  readonly pattern?: string;
  readonly targets?: readonly Target[];
}

/**
 * The permission to act on a rule, with the condition keys EventBridge has for it: whose rule it is, what its pattern
 * lists as sources and detail types, and the ARNs of targets (EventBridge guide, "Using IAM policy conditions"). The
 * policy of its bus may grant it, to other accounts too (same guide, "Permissions for event buses").
 */
export function onRule(
  action: string,
  { rule, bus: busName, pattern, targets }: RuleRequest,
  store: Pick<EventStore, 'rules' | 'findBus'>,
  context: RequestContext,
): Requirement {
  const bus = busAddress(busName, context);
  const resource = ruleArn(bus, rule ?? '');
  const known = store.rules.get(resource);
  const conditions: Conditions = {
    ...(known ? { 'events:creatorAccount': known.createdBy } : {}),
    ...listed(pattern),
    ...(targets ? { 'events:TargetArn': targets.map(({ Arn }) => Arn ?? '') } : {}),
  };
  return { action: `events:${action}`, resource, resourcePolicy: store.findBus(bus)?.policy, conditions };
}

/** The texts a pattern lists; anything else it may have there is none. */
function listed(pattern: string | undefined): Conditions {
  const parsed = pattern === undefined ? undefined : parseJson(pattern);
  if (!isJsonObject(parsed)) return {};
  const texts = (value: Json | undefined): string[] =>
    Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
  return { 'events:source': texts(parsed['source']), 'events:detail-type': texts(parsed['detail-type']) };
}
