import type { AggregateId } from './aggregate-id';
import { subscribes, type ConsumerOutput, type Stack } from './stack';

const DAY_MS = 86_400_000;

/** An event, as far as it is known. */
export interface KnownEvent extends Pick<AggregateId, 'aggregate'> {
  readonly type?: string;
  /** ISO-8601. */
  readonly committedAt?: string;
}

/** A consumer that could do an event a second time, and how long it remembers the first; undefined: nobody says. */
export interface Forgetful {
  readonly consumer: string;
  readonly days: number | undefined;
}

/** Days that a consumer remembers what it has done; undefined when the stack doesn't say. */
export function memoryOf(stack: Pick<Stack, 'inbox_retention_days'>, consumer: ConsumerOutput): number | undefined {
  return consumer.inbox_retention_days ?? stack.inbox_retention_days;
}

/**
 * The consumers that could have done an event and forgotten it, so that they would do it again: those of policy `once`
 * that listen to it and remember less than its age at `now` (epoch milliseconds). `in-order` and `latest` keep a head,
 * which never expires. What isn't known of the event is taken for the worst.
 */
export function forgetfulOf(stack: Stack, { aggregate, type, committedAt }: KnownEvent, now: number): Forgetful[] {
  const ageMs = committedAt === undefined ? Infinity : now - Date.parse(committedAt);
  return Object.entries(stack.consumers).flatMap(([consumer, output]): Forgetful[] => {
    if (output.policy !== 'once' || !subscribes(output, aggregate, type)) return [];
    const days = memoryOf(stack, output);
    return days !== undefined && ageMs < days * DAY_MS ? [] : [{ consumer, days }];
  });
}

/** Who could repeat an event of this age, in a sentence that follows the event's name. */
export function repeatSentence({ committedAt }: KnownEvent, forgetful: readonly Forgetful[], now: number): string {
  const age =
    committedAt === undefined ? 'is of unknown age' : `is ${days((now - Date.parse(committedAt)) / DAY_MS)} old`;
  const who = forgetful.map(({ consumer, days: memory }) =>
    memory === undefined
      ? `${consumer} (the stack has no output inbox_retention_days)`
      : `${consumer} (${days(memory)})`,
  );
  return `${age}, which is more than ${who.join(', ')} surely remembers: published again it could be done a second time`;
}

function days(count: number): string {
  const whole = Math.floor(count);
  return whole === 1 ? '1 day' : `${whole} days`;
}

/** The option by which an operator says that an event may be done twice. */
export const ACCEPT_REPEATS = '--accept-repeats';
