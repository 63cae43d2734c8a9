import { isObject } from '@outbox/local-cloud-kernel';

export { isObject } from '@outbox/local-cloud-kernel';

/** A JSON object as it is on the wire. */
export type Json = Record<string, unknown>;

/** The member as an object; undefined when it is anything else. */
export function objectAt(body: Json, name: string): Json | undefined {
  const value = body[name];
  return isObject(value) ? value : undefined;
}

/** The objects in a list member. */
export function objectsAt(body: Json, name: string): readonly Json[] {
  const value = body[name];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The member as text; undefined when it is anything else. */
export function textAt(body: Json, name: string): string | undefined {
  const value = body[name];
  return typeof value === 'string' ? value : undefined;
}

/** The member as a number; undefined when it is anything else. */
export function numberAt(body: Json, name: string): number | undefined {
  const value = body[name];
  return typeof value === 'number' ? value : undefined;
}
