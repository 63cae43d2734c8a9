import {
  compilePattern,
  InvalidEventPattern,
  isJsonObject,
  parseForMatching,
  parseJson,
  type Json,
  type JsonObject,
} from '@outbox/local-cloud-pattern';
import { invalidParameter } from './errors';
import { textFor, type Notification, type NotificationAttribute } from './notification';
import type { TopicMetric } from './topic-metrics';
import type { StoredSubscription } from './topic-store';
import { MAX_FILTER_BYTES, MAX_FILTER_COMBINATIONS, MAX_FILTER_KEYS } from './limits';

/** What the developer guide lists, and so what a policy may use of the language that patterns of EventBridge have. */
const OPERATORS: readonly string[] = [
  ...['anything-but', 'cidr', 'equals-ignore-case', 'exists', 'numeric', 'prefix', 'suffix', 'wildcard'],
];

export type FilterPolicyScope = 'MessageAttributes' | 'MessageBody';

type Attributes = StoredSubscription['attributes'];

/** What a policy looks at: attributes unless told otherwise. */
export function scopeOf(attributes: Attributes): FilterPolicyScope {
  return attributes['FilterPolicyScope'] === 'MessageBody' ? 'MessageBody' : 'MessageAttributes';
}

/**
 * Checks a subscription's filter policy as its scope has it.
 * Source: SNS developer guide, "Filter policy constraints" and "Amazon SNS subscription filter policy scope".
 * @throws AwsError InvalidParameter
 */
export function checkFilterPolicy(attributes: Attributes): void {
  const { FilterPolicy: text } = attributes;
  if (text === undefined) return;
  const policy = parseJson(text);
  if (!isJsonObject(policy)) throw invalidParameter('FilterPolicy: failed to parse JSON.');
  if (Buffer.byteLength(text) > MAX_FILTER_BYTES) throw invalidParameter('FilterPolicy: Filter policy is too long');
  if (scopeOf(attributes) === 'MessageAttributes' && Object.values(policy).some(isJsonObject)) {
    throw invalidParameter('Filter policy scope MessageAttributes does not support nested filter policy');
  }
  const keys = keysOf(policy, 1);
  if (keys.length > MAX_FILTER_KEYS)
    throw invalidParameter(`FilterPolicy: Filter policy can not have more than ${MAX_FILTER_KEYS} keys`);
  const combinations = keys.reduce((product, { depth, values }) => product * values.length * depth, 1);
  if (combinations > MAX_FILTER_COMBINATIONS) throw invalidParameter('FilterPolicy: Filter policy is too complex');
  for (const operator of keys.flatMap(({ values }) =>
    values.filter(isJsonObject).flatMap((each) => Object.keys(each)),
  )) {
    if (!OPERATORS.includes(operator)) throw invalidParameter(`FilterPolicy: Unrecognized match type ${operator}`);
  }
  try {
    compilePattern(text);
  } catch (error) {
    if (error instanceof InvalidEventPattern) throw invalidParameter(`FilterPolicy: ${error.reason}`);
    throw error;
  }
}

/** What SNS reports of a message that a policy keeps back. Source: SNS developer guide, "Monitoring Amazon SNS topics". */
type FilteredOut = Extract<TopicMetric, `NumberOfNotificationsFilteredOut${string}`>;

/** Why a subscription doesn't get a notification, as SNS reports it; undefined where it gets it. */
export function filteredOut(
  { attributes, protocol }: StoredSubscription,
  notification: Notification,
): FilteredOut | undefined {
  const { FilterPolicy: text } = attributes;
  if (text === undefined) return undefined;
  const pattern = compilePattern(text);
  if (scopeOf(attributes) === 'MessageBody') {
    const body = parseForMatching(textFor(notification, protocol));
    if (!isJsonObject(body)) return 'NumberOfNotificationsFilteredOut-InvalidMessageBody';
    return pattern.matches(body) ? undefined : 'NumberOfNotificationsFilteredOut-MessageBody';
  }
  const given = matchable(notification.attributes);
  if (given === undefined) return 'NumberOfNotificationsFilteredOut-InvalidAttributes';
  if (pattern.matches(given)) return undefined;
  return Object.keys(given).length === 0
    ? 'NumberOfNotificationsFilteredOut-NoMessageAttributes'
    : 'NumberOfNotificationsFilteredOut-MessageAttributes';
}

/** Message attributes as a pattern reads them; binary ones can't be filtered by. Undefined for a list that is none. */
function matchable(attributes: Readonly<Record<string, NotificationAttribute>>): JsonObject | undefined {
  const members: Record<string, Json> = {};
  for (const [name, { Type, Value }] of Object.entries(attributes)) {
    if (Type.startsWith('Binary')) continue;
    const isText = Type.startsWith('String') && !Type.startsWith('String.Array');
    const value = isText ? Value : parseForMatching(Value);
    if (value === undefined || (Type.startsWith('String.Array') && !Array.isArray(value))) return undefined;
    members[name] = value;
  }
  return members;
}

interface Key {
  readonly depth: number;
  readonly values: readonly Json[];
}

/** The fields that a policy names, with their values and how deep they lie; those of each `$or` are among them. */
function keysOf(policy: JsonObject, depth: number): Key[] {
  return Object.entries(policy).flatMap(([name, value]): Key[] => {
    if (isJsonObject(value)) return keysOf(value, depth + 1);
    const values = Array.isArray(value) ? value : [];
    return name === '$or' ? values.filter(isJsonObject).flatMap((each) => keysOf(each, depth)) : [{ depth, values }];
  });
}
