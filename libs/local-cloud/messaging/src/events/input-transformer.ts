import type { Target } from '@aws-sdk/client-eventbridge';
import { AwsError } from '@outbox/local-cloud-kernel';
import { isJsonObject, type Json, minifyJson, parseExactJson, parseJson } from '@outbox/local-cloud-pattern';
import { parsePath, valueAt } from '../shared/json-path';
import { envelopeText, type BusEvent } from './event';
import type { StoredRule } from './event-store';

/** Variables every template has (EventBridge guide, "Input transformation"). */
export const PREDEFINED = [
  'aws.events.rule-arn',
  'aws.events.rule-name',
  'aws.events.event.ingestion-time',
  'aws.events.event',
  'aws.events.event.json',
] as const;

/** A variable of a template: its name between `<` and `>`. */
export const PLACEHOLDER = /<([A-Za-z0-9_.-]+)>/g;

/** Names between `<` and `>` in a template. */
export function placeholders(template: string): string[] {
  return [...template.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '');
}

/**
 * What a target gets for an event: the event, a constant, a part, or a transformed text.
 * @throws AwsError INVALID_JSON, EventBridge's code for dead letters, when a template of JSON doesn't yield JSON
 */
export function targetInput(
  target: Target,
  rule: Pick<StoredRule, 'arn' | 'name'>,
  event: BusEvent,
  now: string,
): string {
  if (target.Input !== undefined) return target.Input;
  const whole = envelopeText(event);
  if (target.InputPath !== undefined) {
    const part = valueAt(parseExactJson(whole), parsePath(target.InputPath) ?? []);
    return part === undefined ? '' : JSON.stringify(part);
  }
  if (!target.InputTransformer) return whole;
  const value = parseExactJson(whole);
  const variables = new Map<string, Json>([
    ['aws.events.rule-arn', rule.arn],
    ['aws.events.rule-name', rule.name],
    ['aws.events.event.ingestion-time', now],
    ['aws.events.event.json', value],
    ['aws.events.event', eventVariable(value)],
  ]);
  // Paths are not checked when a target is put: one that is none finds nothing (EventBridge guide, "Common issues").
  for (const [name, text] of Object.entries(target.InputTransformer.InputPathsMap ?? {})) {
    const path = parsePath(text);
    const found = path && valueAt(value, path);
    if (found !== undefined) variables.set(name, found);
  }
  return fill(target.InputTransformer.InputTemplate ?? '', variables);
}

/** `<aws.events.event>`: all but the detail, the type under another name than in the event itself. */
function eventVariable(event: Json): Json {
  const { detail: _detail, 'detail-type': detailType, ...rest } = isJsonObject(event) ? event : {};
  return { ...rest, ...(detailType === undefined ? {} : { detailType }) };
}

/**
 * Outside quotes a value is filled in as JSON, a missing one as `""`. Inside quotes a text is filled in unescaped, a missing
 * value leaves nothing, and in a template of text an object or a list loses its quote marks. A template of JSON has to yield
 * JSON, which is minified; otherwise nothing is delivered, as for an object or a list inside quotes.
 * Source: the EventBridge guide, "Input transformation", and what LocalStack's suite recorded on AWS
 * (test_input_transformer_nested_keys_replacement, …_not_valid, …_input_template_json).
 */
function fill(template: string, variables: ReadonlyMap<string, Json>): string {
  const makesJson = /^\s*[{[]/.test(template);
  let inQuotes = false;
  const filled = template.replace(/\\.|"|<([A-Za-z0-9_.-]+)>/g, (token, name: string | undefined) => {
    if (token === '"') inQuotes = !inQuotes;
    if (name === undefined) return token;
    const value = variables.get(name);
    if (!inQuotes) return JSON.stringify(value === undefined ? '' : value);
    if (value === undefined) return '';
    if (typeof value === 'string') return value;
    return makesJson ? JSON.stringify(value) : JSON.stringify(value).replaceAll('"', '');
  });
  if (parseJson(filled) !== undefined) return minifyJson(filled);
  // Without the output: it may be as large as the event, or hold characters that a dead letter can't.
  if (makesJson) throw new AwsError('INVALID_JSON', "The input transformer's output is not valid JSON.");
  return filled;
}
