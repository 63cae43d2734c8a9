import { isJsonObject, parseJson, type Json, type JsonObject } from '@outbox/local-cloud-pattern';
import { parsePath, valueAt } from '../shared/json-path';

/** Values of the reserved variables, `<aws.pipes.…>`. */
export interface PipeVariables {
  readonly 'aws.pipes.pipe-arn': string;
  readonly 'aws.pipes.pipe-name': string;
  readonly 'aws.pipes.source-arn': string;
  readonly 'aws.pipes.enrichment-arn': string;
  readonly 'aws.pipes.target-arn': string;
  readonly 'aws.pipes.event.ingestion-time': string;
}

/** A template that can't be filled; the message says which placeholder and why. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

const PLACEHOLDER = /\\.|"|<([^<>]*)>/g;

/** Whether the text is a dynamic path: the whole value, nothing around it. */
export function isDynamic(text: string): boolean {
  return text.startsWith('$.');
}

/** @throws TemplateError when a placeholder is neither a path nor a reserved variable */
export function checkTemplate(template: string): void {
  for (const [token, name] of template.matchAll(PLACEHOLDER)) {
    if (name === undefined || name.startsWith('aws.pipes.')) continue;
    if (!parsePath(name)) throw new TemplateError(`Invalid placeholder ${token}`);
  }
}

/**
 * Fills a pipe's input template for one record. Texts outside quotes get quotes, objects and lists become JSON.
 * What AWS does not document (a path without value, null, an object in quotes, texts that need escaping) fails.
 * @throws TemplateError
 */
export function fillTemplate(template: string, record: JsonObject, variables: PipeVariables): string {
  let inQuotes = false;
  return template.replace(PLACEHOLDER, (token, name: string | undefined) => {
    if (token === '"') inQuotes = !inQuotes;
    if (name === undefined) return token;
    return render(token, lookUp(name, record, variables), inQuotes);
  });
}

function lookUp(name: string, record: JsonObject, variables: PipeVariables): Json | undefined {
  if (name === 'aws.pipes.event') return record;
  if (name === 'aws.pipes.event.json') return openBody(record);
  if (Object.hasOwn(variables, name)) return variables[name as keyof PipeVariables];
  return look(name, record);
}

/**
 * What a path finds. The body of a queue's message is looked into where it is JSON.
 * Source: EventBridge guide, "Pipes input transformation", "Implicit body data parsing".
 */
function look(text: string, record: JsonObject): Json | undefined {
  const path = parsePath(text);
  return path && valueAt(openBody(record), path);
}

function openBody(record: JsonObject): JsonObject {
  const { body, eventSource } = record;
  const opened = eventSource === 'aws:sqs' && typeof body === 'string' ? parseJson(body) : undefined;
  return isJsonObject(opened) || Array.isArray(opened) ? { ...record, body: opened } : record;
}

function render(token: string, value: Json | undefined, inQuotes: boolean): string {
  if (value === undefined) throw new TemplateError(`${token} has no value in the event`);
  if (value === null) throw new TemplateError(`${token} is null in the event`);
  if (typeof value === 'string') {
    const quoted = JSON.stringify(value);
    if (quoted.length !== value.length + 2) {
      throw new TemplateError(`${token} holds characters whose rendering in a template AWS does not document`);
    }
    return inQuotes ? value : quoted;
  }
  if (inQuotes && (Array.isArray(value) || isJsonObject(value))) {
    throw new TemplateError(`${token} is an object or a list and must not stand in quotes`);
  }
  return JSON.stringify(value);
}

/**
 * The value of a target parameter for one record: itself, or what its path finds.
 * @throws TemplateError when the path finds no text of 1 to `longest` characters
 */
export function resolveDynamic(text: string, record: JsonObject, longest: number): string {
  if (!isDynamic(text)) return text;
  const value = look(text, record);
  if (typeof value !== 'string' || value === '' || value.length > longest) {
    throw new TemplateError(`${text} finds no text of 1 to ${longest} characters in the event`);
  }
  return value;
}
