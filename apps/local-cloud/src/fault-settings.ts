import { FAULT_KINDS, type FaultKind, type FaultSettings } from '@outbox/local-cloud-kernel';

export type ReadFaultSettings =
  { readonly kind: 'valid'; readonly value: FaultSettings } | { readonly kind: 'invalid'; readonly message: string };

/** The body of `POST /_local/faults`; what is wrong with it is told by the member's name. `undefined` = too long. */
export function readFaultSettings(text: string | undefined): ReadFaultSettings {
  const body = parseObject(text);
  if (!body) return invalid('The body must be {"seed": n, "rates": {"<kind>": 0 to 1}}');
  const unknown = Object.keys(body).find((name) => name !== 'seed' && name !== 'rates');
  if (unknown !== undefined) return invalid(`${unknown} is not known: seed and rates are`);
  const { seed, rates } = body;
  if (typeof seed !== 'number' || !Number.isSafeInteger(seed) || seed < 0)
    return invalid('seed must be a whole number');
  if (!isObject(rates)) return invalid('rates must be an object');
  for (const [kind, rate] of Object.entries(rates)) {
    if (!isKind(kind)) return invalid(`rates.${kind} is not known; kinds are ${FAULT_KINDS.join(', ')}`);
    if (typeof rate !== 'number' || !(rate >= 0 && rate <= 1)) {
      return invalid(`rates.${kind} must be a number from 0 to 1`);
    }
  }
  return { kind: 'valid', value: { seed, rates } };
}

function invalid(message: string): ReadFaultSettings {
  return { kind: 'invalid', message };
}

function isKind(name: string): name is FaultKind {
  return FAULT_KINDS.some((kind) => kind === name);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseObject(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const body: unknown = JSON.parse(text ?? '');
    return isObject(body) ? body : undefined;
  } catch {
    return undefined;
  }
}
