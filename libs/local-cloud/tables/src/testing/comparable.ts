import { canonicalNumber } from '../values/decimal';

/**
 * The value with members sorted, sets sorted, numbers in one form: DynamoDB Local returns those inside lists and maps as they
 * were sent.
 */
export function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([name, member]) => member !== undefined && name !== 'ConsumedCapacity')
    .map(([name, member]): [string, unknown] => {
      if (name === 'N' && typeof member === 'string') return [name, canonicalNumber(member)];
      const isSet = Array.isArray(member) && (name === 'SS' || name === 'NS' || name === 'BS');
      if (isSet)
        return [name, member.map((one) => (name === 'NS' ? canonicalNumber(String(one)) : String(one))).sort()];
      // In a stream DynamoDB Local forgets what an empty map is.
      if (name === 'M' && Object.keys(member as object).length === 0) return ['empty', true];
      // Both say the same; AWS ends it with a full stop now and then.
      if (name === 'Message' && typeof member === 'string') return [name, member.replace(/\.$/, '')];
      return [name, comparable(member)];
    });
  return entries.length === 0 ? { empty: true } : Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
