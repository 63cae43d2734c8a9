import type { FaultSettings } from '@outbox/local-cloud-kernel';
import { isJsonObject, parseJson } from '@outbox/local-cloud-pattern';

export type ReadFaultSettings =
  { readonly kind: 'valid'; readonly value: FaultSettings } | { readonly kind: 'invalid'; readonly message: string };

/** The body of `POST /_local/faults`; what is wrong with it is told by the member's name. `undefined` = too long. */
export function readFaultSettings(text: string | undefined, kinds: readonly string[]): ReadFaultSettings {
  const body = parseJson(text ?? '');
  if (!isJsonObject(body)) return invalid('The body must be {"seed": n, "rates": {"<kind>": 0 to 1}}');
  const unknown = Object.keys(body).find((name) => name !== 'seed' && name !== 'rates');
  if (unknown !== undefined) return invalid(`${unknown} is not known: seed and rates are`);
  const { seed, rates } = body;
  if (typeof seed !== 'number' || !Number.isSafeInteger(seed) || seed < 0)
    return invalid('seed must be a whole number');
  if (!isJsonObject(rates)) return invalid('rates must be an object');
  const read: Record<string, number> = {};
  for (const [kind, rate] of Object.entries(rates)) {
    if (!kinds.includes(kind)) return invalid(`rates.${kind} is not known; kinds are ${kinds.join(', ')}`);
    if (typeof rate !== 'number' || !(rate >= 0 && rate <= 1)) {
      return invalid(`rates.${kind} must be a number from 0 to 1`);
    }
    read[kind] = rate;
  }
  return { kind: 'valid', value: { seed, rates: read } };
}

function invalid(message: string): ReadFaultSettings {
  return { kind: 'invalid', message };
}
