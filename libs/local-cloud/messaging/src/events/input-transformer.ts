import type { Target } from '@aws-sdk/client-eventbridge';
import { type Json, minifyJson, parseJson } from '@outbox/local-cloud-pattern';
import { parsePath, valueAt } from '../shared/json-path';
import { envelope, envelopeText, type BusEvent } from './event';
import type { StoredRule } from './event-store';

/** Variables every template has (EventBridge guide, "Input transformation"). */
export const PREDEFINED = [
  'aws.events.rule-arn',
  'aws.events.rule-name',
  'aws.events.event.ingestion-time',
  'aws.events.event',
  'aws.events.event.json',
] as const;

const PLACEHOLDER = /<([A-Za-z0-9_.-]+)>/g;

/** Names between `<` and `>` in a template. */
export function placeholders(template: string): string[] {
  return [...template.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '');
}

/** What a target gets for an event: the event, a constant, a part, or a transformed text. */
export function targetInput(
  target: Target,
  rule: Pick<StoredRule, 'arn' | 'name'>,
  event: BusEvent,
  now: string,
): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) {
    const part = valueAt(envelope(event), parsePath(target.InputPath) ?? []);
    return part === undefined ? '' : JSON.stringify(part);
  }
  if (!target.InputTransformer) return envelopeText(event);
  const value = envelope(event);
  const variables = new Map<string, Json>([
    ['aws.events.rule-arn', rule.arn],
    ['aws.events.rule-name', rule.name],
    ['aws.events.event.ingestion-time', now],
    ['aws.events.event.json', value],
    ['aws.events.event', Object.fromEntries(Object.entries(value).filter(([key]) => key !== 'detail'))],
  ]);
  // Paths are not checked when a target is put: one that is none finds nothing (EventBridge guide, "Common issues").
  for (const [name, text] of Object.entries(target.InputTransformer.InputPathsMap ?? {})) {
    const path = parsePath(text);
    const found = path && valueAt(value, path);
    if (found !== undefined) variables.set(name, found);
  }
  return fill(target.InputTransformer.InputTemplate ?? '', variables);
}

/**
 * Inside quotes a value goes in as bare text, unescaped, as AWS does; outside, texts get quotes and everything else is
 * JSON. A variable without a value leaves nothing. The result is minified when it is JSON.
 */
function fill(template: string, variables: ReadonlyMap<string, Json>): string {
  let inQuotes = false;
  const filled = template.replace(/\\.|"|<([A-Za-z0-9_.-]+)>/g, (token, name: string | undefined) => {
    if (token === '"') inQuotes = !inQuotes;
    if (name === undefined) return token;
    const value = variables.get(name);
    if (value === undefined) return '';
    return inQuotes && typeof value === 'string' ? value : JSON.stringify(value);
  });
  return parseJson(filled) === undefined ? filled : minifyJson(filled);
}
