import { isObject } from '@outbox/local-cloud-kernel';

export { isObject } from '@outbox/local-cloud-kernel';

/** A JSON object as it is on the wire. */
export type Json = Record<string, unknown>;

/** The member as an object; an empty one when it is anything else. */
export function objectAt(body: Json, name: string): Json {
  const value = body[name];
  return isObject(value) ? value : {};
}

/** The objects in a list member. */
export function objectsAt(body: Json, name: string): Json[] {
  const value = body[name];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The member as text; empty when it is anything else. */
export function textAt(body: Json, name: string): string {
  const value = body[name];
  return typeof value === 'string' ? value : '';
}

/** The object without some members. */
export function without(body: Json, ...names: readonly string[]): Json {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
}
