import type { NormalizedSchema } from '@smithy/core/schema';
import { enumRule, type BrokenConstraint } from '@outbox/local-cloud-kernel';
import { memberPath } from '../decode';
import type { ServiceModel } from '../model';

/**
 * Where a decoded input has values that its API model doesn't list. Enums that a service checks in words of its own
 * (`ServiceFacts.ownEnums`) are left to it.
 */
export function outsideEnums(service: ServiceModel, schema: NormalizedSchema, input: unknown): BrokenConstraint[] {
  const broken: BrokenConstraint[] = [];
  visit(service, schema, input, [], broken);
  return broken;
}

function visit(
  service: ServiceModel,
  schema: NormalizedSchema,
  value: unknown,
  path: readonly string[],
  broken: BrokenConstraint[],
): void {
  if (value === undefined || !service.enums.within(schema)) return;
  if (schema.isStructSchema()) {
    const source = value as Readonly<Record<string, unknown>>;
    for (const [name, member] of schema.structIterator()) {
      const at = [...path, memberPath(name)];
      const known = service.enums.of(schema, name);
      if (!known) visit(service, member, source[name], at, broken);
      else broken.push(...brokenBy(member, source[name], known).map((found) => ({ ...found, member: at.join('.') })));
    }
  } else if (Array.isArray(value)) {
    const item = schema.getValueSchema();
    value.forEach((one, index) => visit(service, item, one, [...path, String(index + 1), 'member'], broken));
  } else if (schema.isMapSchema()) {
    const item = schema.getValueSchema();
    for (const [key, one] of Object.entries(value as Readonly<Record<string, unknown>>))
      visit(service, item, one, [...path, key, 'member'], broken);
  }
}

/** What is wrong with a text, with a list's texts or with a map's keys, in AWS's words for each. */
function brokenBy(
  member: NormalizedSchema,
  value: unknown,
  known: readonly string[],
): Pick<BrokenConstraint, 'value' | 'rule'>[] {
  const rule = enumRule(known);
  const isUnknown = (text: unknown): boolean => !known.includes(String(text));
  if (value === undefined) return [];
  if (Array.isArray(value)) {
    return value.some(isUnknown)
      ? [{ value: `'[${value.join(', ')}]'`, rule: `Member must satisfy constraint: [${rule}]` }]
      : [];
  }
  if (member.isMapSchema()) {
    const isBroken = Object.keys(value as object).some(isUnknown);
    return isBroken ? [{ rule: `Map keys must satisfy constraint: [${rule}]` }] : [];
  }
  return isUnknown(value) ? [{ value: `'${String(value)}'`, rule }] : [];
}
