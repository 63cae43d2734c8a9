import { UsageError } from '@outbox/cli-kit';
import { ACCEPT_REPEATS, memoryOf } from '../repeats';
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
  const outputs = consumer === undefined ? stack.consumers : { [consumer]: consumerOf(stack, consumer) };
  if (!acceptRepeats) checkMemory(stack, from, outputs, now);
  return { consumers: Object.keys(outputs), from };
}

/** @throws UsageError naming the consumers that could do something of that time again */
function checkMemory(stack: Stack, from: number, outputs: Stack['consumers'], now: number): void {
  const once = Object.entries(outputs).filter(([, { policy }]) => policy === 'once');
  const memories = once.map(([name, consumer]) => ({ name, days: memoryOf(stack, consumer) }));
  const forgetful = memories.filter(({ days }) => days === undefined || from < now - days * DAY_MS);
  if (forgetful.length === 0) return;
  const repeats = `${forgetful.map(({ name }) => name).join(', ')} would do again what was forgotten: ${ACCEPT_REPEATS} allows that`;
  const days = Math.min(...forgetful.map((memory) => memory.days ?? Number.NaN));
  if (Number.isNaN(days)) {
    throw new UsageError(`the stack has no output inbox_retention_days (apply it first); ${repeats}`);
  }
  const earliest = new Date(now - days * DAY_MS).toISOString();
  throw new UsageError(
    `once consumers remember ${days} days, so --from can be ${earliest} at the earliest; ${repeats}`,
  );
}
