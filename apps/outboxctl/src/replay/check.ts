import { UsageError } from '@outbox/cli-kit';
import { consumerOf, type Stack } from '../stack';

const DAY_MS = 86_400_000;

/** What is asked for; times in epoch milliseconds. */
export interface Wanted {
  readonly from: number | undefined;
  readonly to: number;
  readonly consumer?: string;
  readonly acceptRepeats?: boolean;
}

/**
 * The consumers a replay goes to, and from when. An inbox makes a replay harmless for as long as it remembers:
 * `in-order` and `latest` consumers always know how far they are, a `once` consumer's effect is its memory and expires.
 * @throws UsageError when the request makes no sense, or would have something done twice without `acceptRepeats`
 */
export function checkReplay(
  stack: Stack,
  { from, to, consumer, acceptRepeats = false }: Wanted,
  now: number,
): { readonly consumers: readonly string[]; readonly from: number } {
  if (from === undefined) throw new UsageError('replay takes --from: the time that the first event came to the bus');
  if (from >= to) throw new UsageError('--from must be before --to');
  if (from >= now) throw new UsageError('--from is yet to come: there is nothing to replay');
  const consumers = consumer === undefined ? Object.keys(stack.consumers) : [consumer];
  const forgetful = consumers.filter((name) => consumerOf(stack, name).policy === 'once');
  if (forgetful.length > 0 && !acceptRepeats) checkMemory(stack, from, forgetful, now);
  return { consumers, from };
}

function checkMemory({ inbox_retention_days: days }: Stack, from: number, consumers: readonly string[], now: number) {
  const repeats = `${consumers.join(', ')} would do again what was forgotten: --accept-repeats allows that`;
  if (days === undefined) {
    throw new UsageError(`the stack has no output inbox_retention_days (apply it first); ${repeats}`);
  }
  const remembered = now - days * DAY_MS;
  if (from < remembered) {
    throw new UsageError(
      `once consumers remember ${days} days, so --from can be ${new Date(remembered).toISOString()} at the earliest; ${repeats}`,
    );
  }
}
