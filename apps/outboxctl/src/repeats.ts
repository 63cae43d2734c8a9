import { paginateListVersionsByFunction, type FunctionConfiguration, type LambdaClient } from '@aws-sdk/client-lambda';
import type { AggregateId } from './aggregate-id';
import { consumerOf, subscribes, type ConsumerOutput, type Stack } from './stack';

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

/**
 * Days that a consumer remembers what it does from now on: the most that it remembers what it did before, see `Memories`.
 * Undefined when the stack doesn't say.
 */
export function memoryOf(stack: Pick<Stack, 'inbox_retention_days'>, consumer: ConsumerOutput): number | undefined {
  return consumer.inbox_retention_days ?? stack.inbox_retention_days;
}

/** Where a version of a consumer's function comes into force: what it writes from `since` on expires after `ms`. */
export interface Retention {
  readonly ms: number;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** A version may be invoked that long after the next one was published: an alias moves later, a rollback moves it back. */
export const OVERLAP_MS = DAY_MS;

/**
 * The least age, in milliseconds, of something that a consumer may have forgotten: whatever it did later it surely
 * remembers. A record expires by the version that wrote it, so each may forget what it wrote, once that is older than
 * its retention; the oldest version has been in force since ever. Infinity where there is no version.
 *
 * Not covered: an alias that was at an older version for more than a day after the next one was published
 * (`gradual_shift`, a rollback).
 */
export function forgetsFrom(versions: readonly Retention[], now: number): number {
  const rising = [...versions].sort((a, b) => a.since - b.since);
  const ages = rising.map(({ ms, since }, index) => {
    const oldest = index === 0 ? Infinity : now - since;
    const youngest = now - (rising[index + 1]?.since ?? Infinity) - OVERLAP_MS;
    const age = Math.max(ms, youngest);
    return age <= oldest ? age : Infinity;
  });
  return Math.min(...ages);
}

/** What is younger every consumer remembers: modules/consumer refuses an `inbox_retention_days` of 14 or less. */
const SURE_MS = 14 * DAY_MS;

/** What Lambda answers to whoever may not know, or where the function is another account's. */
const UNTOLD: ReadonlySet<string> = new Set(['AccessDeniedException', 'ResourceNotFoundException']);

/**
 * How long consumers surely remember what they did: no longer than the stack says, and less for a while after
 * `inbox_retention_days` was raised, as the versions of a consumer's function tell. They are asked for once for each
 * consumer, and only where the answer depends on them.
 */
export class Memories {
  readonly #forgetsFrom = new Map<string, Promise<number>>();

  constructor(
    private readonly context: { readonly lambda: () => LambdaClient; readonly progress: (text: string) => void },
    private readonly stack: Stack,
    /** Epoch milliseconds. */
    private readonly now: number,
  ) {}

  /** Milliseconds that a consumer surely remembers what it did; undefined when the stack doesn't say. */
  async of(consumer: string): Promise<number | undefined> {
    const declared = this.#declared(consumer);
    if (declared === undefined) return undefined;
    const known = this.#forgetsFrom.get(consumer) ?? this.#load(consumer);
    this.#forgetsFrom.set(consumer, known);
    return Math.min(declared, await known);
  }

  /** The same for something of this age: what the stack says, unless it is the past that decides. */
  async forAge(consumer: string, ageMs: number): Promise<number | undefined> {
    const declared = this.#declared(consumer);
    const matters = declared !== undefined && SURE_MS < ageMs && ageMs <= declared;
    return matters ? this.of(consumer) : declared;
  }

  /**
   * The consumers that could have done an event and forgotten it, so that they would do it again: those of policy `once`
   * that listen to it and remember less than its age. `in-order` and `latest` keep a head, which never expires. What
   * isn't known of the event is taken for the worst.
   */
  async forgetful({ aggregate, type, committedAt }: KnownEvent): Promise<Forgetful[]> {
    const ageMs = ageOf(committedAt, this.now) ?? Infinity;
    const forgetful: Forgetful[] = [];
    for (const [consumer, output] of Object.entries(this.stack.consumers)) {
      if (output.policy !== 'once' || !subscribes(output, aggregate, type)) continue;
      const ms = await this.forAge(consumer, ageMs);
      if (ms === undefined || ageMs >= ms) forgetful.push({ consumer, days: ms && ms / DAY_MS });
    }
    return forgetful;
  }

  #declared(consumer: string): number | undefined {
    const days = memoryOf(this.stack, consumerOf(this.stack, consumer));
    return days && days * DAY_MS;
  }

  async #load(consumer: string): Promise<number> {
    const { function_name: FunctionName } = consumerOf(this.stack, consumer);
    const versions: FunctionConfiguration[] = [];
    let untold: string | undefined;
    try {
      const pages = paginateListVersionsByFunction({ client: this.context.lambda() }, { FunctionName });
      for await (const { Versions = [] } of pages) versions.push(...Versions);
      const unread = versions.find(({ Environment }) => Environment?.Error)?.Environment?.Error;
      untold = unread && `its environment: ${unread.ErrorCode}`;
    } catch (error) {
      if (!(error instanceof Error && UNTOLD.has(error.name))) throw error;
      untold = error.name;
    }
    const retentions = retentionsOf(versions);
    if (untold === undefined && retentions.length > 0) return forgetsFrom(retentions, this.now);
    const why = untold ?? 'no INBOX_RETENTION_DAYS';
    this.context.progress(
      `${consumer} is taken to remember 14 days only; lambda:ListVersionsByFunction on ${FunctionName} would tell since when it remembers more (${why})`,
    );
    return SURE_MS;
  }
}

/**
 * Nobody invokes `$LATEST`, unless it is all there is. Numbers begin with 1: where that version was deleted, nothing but
 * the least is known of what was before the first that is left. One deleted between two others goes unnoticed.
 */
function retentionsOf(versions: readonly FunctionConfiguration[]): Retention[] {
  const published = versions.filter(({ Version }) => Version !== '$LATEST');
  const known = (published.length > 0 ? published : versions).flatMap(({ LastModified = '', Environment }) => {
    const ms = Number(Environment?.Variables?.['INBOX_RETENTION_DAYS']) * DAY_MS;
    const since = Date.parse(LastModified);
    return Number.isFinite(ms) && Number.isFinite(since) ? [{ ms, since }] : [];
  });
  const isWhole = published.length === 0 || published.some(({ Version }) => Version === '1');
  return isWhole || known.length === 0 ? known : [{ ms: SURE_MS, since: -Infinity }, ...known];
}

/**
 * Milliseconds since an event's commit; undefined where it isn't known. A commit more than a day from now was made by the
 * moved clock of a local cloud, which `--now` tells.
 */
function ageOf(committedAt: string | undefined, now: number): number | undefined {
  const ageMs = committedAt === undefined ? NaN : now - Date.parse(committedAt);
  return ageMs > -DAY_MS ? ageMs : undefined;
}

/** Who could repeat an event of this age, in a sentence that follows the event's name. */
export function repeatSentence({ committedAt }: KnownEvent, forgetful: readonly Forgetful[], now: number): string {
  const ageMs = ageOf(committedAt, now);
  const age = ageMs === undefined ? 'is of unknown age' : `is ${days(ageMs / DAY_MS)} old`;
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
