import { UsageError } from '@outbox/cli-kit';
import { ACCEPT_REPEATS, type Memories } from '../repeats';
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
export async function checkReplay(
  stack: Stack,
  { from, to, consumer, acceptRepeats = false }: Wanted,
  now: number,
  memories: Pick<Memories, 'of' | 'forAge'>,
): Promise<{ readonly consumers: readonly string[]; readonly from: number }> {
  if (from === undefined) throw new UsageError('replay takes --from: the time that the first event came to the bus');
  if (from >= to) throw new UsageError('--from must be before --to');
  if (from >= now) throw new UsageError('--from is yet to come: there is nothing to replay');
  const outputs = consumer === undefined ? stack.consumers : { [consumer]: consumerOf(stack, consumer) };
  if (!acceptRepeats) await checkMemory(from, outputs, now, memories);
  return { consumers: Object.keys(outputs), from };
}

/** @throws UsageError naming the consumers that could do something of that time again */
async function checkMemory(
  from: number,
  outputs: Stack['consumers'],
  now: number,
  memories: Pick<Memories, 'of' | 'forAge'>,
): Promise<void> {
  const forgetful: string[] = [];
  for (const [name, { policy }] of Object.entries(outputs)) {
    if (policy !== 'once') continue;
    const memory = await memories.forAge(name, now - from);
    if (memory === undefined || now - from > memory) forgetful.push(name);
  }
  if (forgetful.length === 0) return;
  const repeats = `${forgetful.join(', ')} would do again what was forgotten: ${ACCEPT_REPEATS} allows that`;
  // However old what is asked for: only the past of each consumer tells what could be asked for instead.
  const memory = Math.min(
    ...(await Promise.all(forgetful.map(async (name) => (await memories.of(name)) ?? Number.NaN))),
  );
  if (Number.isNaN(memory)) {
    throw new UsageError(`the stack has no output inbox_retention_days (apply it first); ${repeats}`);
  }
  const earliest = new Date(now - memory).toISOString();
  throw new UsageError(
    `once consumers remember ${Math.floor(memory / DAY_MS)} days, so --from can be ${earliest} at the earliest; ${repeats}`,
  );
}
