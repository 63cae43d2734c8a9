import type { Share } from '@outbox/outbox-dynamodb';

/** What the sweeper is invoked with: a run of its own, or a share of the run that another invocation is at. */
export type SweepInput =
  { readonly kind: 'run'; readonly now: number } | { readonly kind: 'share'; readonly share: Share };

/** The function was invoked with something else than it takes. */
export class InvalidSweepInput extends Error {
  override readonly name = 'InvalidSweepInput';
}

/** A share as the input of an invocation. */
export function shareInput({ keys, now, deadline }: Share): object {
  return { now: new Date(now).toISOString(), deadline, keys: keys.map(({ pk, sk, dueAt }) => [pk, sk, dueAt]) };
}

/**
 * Reads the input of an invocation: `{"now": "<ISO-8601 time>"}`, with more of it for a share (`shareInput`).
 * @throws InvalidSweepInput
 */
export function readSweepInput(input: unknown): SweepInput {
  if (typeof input !== 'object' || input === null) throw invalid(input);
  const now = readNow('now' in input ? input.now : undefined);
  if (now === undefined) throw invalid(input);
  if (!('keys' in input)) return { kind: 'run', now };
  const deadline = 'deadline' in input ? input.deadline : undefined;
  if (!Array.isArray(input.keys) || typeof deadline !== 'number') throw invalid(input);
  const keys = input.keys.map((key: unknown) => {
    const [pk, sk, dueAt]: readonly unknown[] = Array.isArray(key) ? key : [];
    if (typeof pk !== 'string' || typeof sk !== 'string' || typeof dueAt !== 'string') throw invalid(input);
    return { pk, sk, dueAt };
  });
  return { kind: 'share', share: { keys, now, deadline } };
}

/** A date and a time with its zone: what is due must not depend on where the function runs. */
const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

function readNow(now: unknown): number | undefined {
  const time = typeof now === 'string' && ISO_TIME.test(now) ? Date.parse(now) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

function invalid(input: unknown): InvalidSweepInput {
  const given = JSON.stringify(input) ?? 'nothing';
  return new InvalidSweepInput(`expected {"now": "<ISO-8601 time>"}, got ${given.slice(0, 200)}`);
}
