import type { JsonObject } from '@outbox/local-cloud-pattern';
import { ExecutionError } from '../errors';
import type { StoredPipe } from '../pipe-store';
import { fillTemplate, isDynamic, resolveDynamic, TemplateError, type PipeVariables } from '../template';

/** An event for the target, with the source record it came from when that is certain. */
export interface TargetEvent {
  readonly event: JsonObject;
  readonly record?: JsonObject;
}

/** What the target's template makes of an event; without one, the event's JSON. @throws TemplateError */
export function bodyOf(pipe: StoredPipe, { event }: TargetEvent, variables: PipeVariables): string {
  const template = pipe.targetParameters?.InputTemplate;
  return template ? fillTemplate(template, event, variables) : JSON.stringify(event);
}

/**
 * AWS does not say whether a path is looked up in the source record or in what the enrichment made of it, so both must
 * agree: a pipe that would depend on the answer fails here.
 * @throws TemplateError
 */
export function dynamic(text: string, { event, record }: TargetEvent, longest: number): string {
  const value = resolveDynamic(text, event, longest);
  if (record && record !== event && isDynamic(text) && resolveDynamic(text, record, longest) !== value) {
    throw new TemplateError(`${text} differs between the source record and the enriched event`);
  }
  return value;
}

/** Runs what fills templates and paths; what it can't fill fails the target's transformation. */
export function transformed<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    throw new ExecutionError('TARGET_TRANSFORMATION', error.message, undefined, undefined, error);
  }
}
