import {
  ListRulesCommand,
  ListTargetsByRuleCommand,
  TestEventPatternCommand,
  type EventBridgeClient,
} from '@aws-sdk/client-eventbridge';
import type { Leaf, RuleVerdict } from '@outbox/console-api';

/** An event as it is on the bus, in the form that EventBridge tests patterns on. */
export interface BusEvent {
  readonly id: string;
  readonly source: string;
  readonly 'detail-type': string;
  readonly time: string;
  readonly detail: unknown;
}

/** One condition of a pattern: where, and what is wanted there. */
export interface Condition {
  readonly path: readonly string[];
  readonly wants: unknown;
}

/** What a pattern names a choice by. */
const CHOICE = '$or';

/** What each rule of a bus makes of an event, in EventBridge's own judgement; rules of schedules are left out. */
export async function judgeRules(
  events: EventBridgeClient,
  EventBusName: string,
  event: BusEvent,
): Promise<readonly RuleVerdict[]> {
  // What EventBridge asks of an event besides (API reference, TestEventPattern).
  const Event = JSON.stringify({ account: '000000000000', region: 'us-east-1', resources: [], ...event });
  const matches = async (pattern: unknown): Promise<boolean> => {
    const { Result = false } = await events.send(
      new TestEventPatternCommand({ Event, EventPattern: JSON.stringify(pattern) }),
    );
    return Result;
  };
  const { Rules = [] } = await events.send(new ListRulesCommand({ EventBusName }));
  const judged = Rules.filter(({ EventPattern }) => EventPattern !== undefined).map(
    async (rule): Promise<RuleVerdict> => {
      const pattern: unknown = JSON.parse(rule.EventPattern ?? '{}');
      const [isMatch, targets, leaves] = await Promise.all([
        matches(pattern),
        events.send(new ListTargetsByRuleCommand({ EventBusName, Rule: rule.Name })),
        Promise.all(
          conditionsOf(pattern).map(async ({ path, wants }): Promise<Leaf> => ({
            path: path.filter((name) => name !== CHOICE).join('.'),
            wants,
            has: evidenceOf(event, path, wants),
            matches: await matches(nest(path, wants)),
          })),
        ),
      ]);
      return {
        rule: rule.Name ?? '',
        enabled: rule.State !== 'DISABLED',
        targets: (targets.Targets ?? []).map(({ Arn = '' }) => Arn.slice(Arn.lastIndexOf(':') + 1)),
        matches: isMatch,
        leaves,
      };
    },
  );
  return (await Promise.all(judged)).sort(
    (a, b) => Number(b.matches) - Number(a.matches) || a.rule.localeCompare(b.rule),
  );
}

/**
 * The conditions a pattern is made of: an array wants one of its members, an object goes on inside. A choice (`$or`) is
 * one condition as a whole.
 */
export function conditionsOf(pattern: unknown, path: readonly string[] = []): Condition[] {
  if (typeof pattern !== 'object' || pattern === null || Array.isArray(pattern)) return [{ path, wants: pattern }];
  return Object.entries(pattern).flatMap(([name, inner]) =>
    name === CHOICE ? [{ path: [...path, name], wants: inner }] : conditionsOf(inner, [...path, name]),
  );
}

/** A pattern of one condition. */
function nest(path: readonly string[], wants: unknown): unknown {
  return path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), wants);
}

/** What an event has where a condition looks; of a choice the members that its alternatives name. */
function evidenceOf(event: unknown, path: readonly string[], wants: unknown): unknown {
  if (path.at(-1) !== CHOICE || !Array.isArray(wants)) return valueAt(event, path);
  const inside = valueAt(event, path.slice(0, -1));
  const names = new Set(wants.flatMap((alternative: object) => Object.keys(alternative)));
  return Object.fromEntries([...names].map((name) => [name, valueAt(inside, [name])]));
}

function valueAt(event: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, name)
        ? (value as Record<string, unknown>)[name]
        : undefined,
    event,
  );
}
