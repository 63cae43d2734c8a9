import type {
  AggregateTrace,
  DeadLetters,
  DeadLetterView,
  DenialView,
  FailedView,
  PassedPart,
  RuleVerdict,
  StuckView,
} from '@outbox/console-api';
import { CorruptItemError } from '@outbox/function-kit';
import { CliError, NotFoundError } from '@outbox/cli-kit';
import { loadEvent, UnreadableEventError } from '@outbox/outbox-dynamodb';
import { parseAggregateId, type AggregateId } from '../aggregate-id';
import type { CliContext } from '../commands/context';
import type { Stack } from '../stack';
import { loadTrace } from '../trace/load';
import type { Commands } from './jobs';
import { judgeRules } from './rules';
import { loadSpans } from './spans';

/** Dead letters shown of each consumer: enough to see the reasons; a redrive takes all. */
const LETTERS = 500;
/** Events of an aggregate whose content is read: the newest. */
const BODIES = 50;

/** A command that a read is made of failed; its own words. */
export class ReadFailed extends CliError {
  override readonly name = 'ReadFailed';

  constructor(
    message: string,
    readonly exitCode: number,
  ) {
    super(message);
  }
}

/** What a page asks for beside the pipeline. */
export class Reads {
  constructor(
    private readonly context: CliContext,
    private readonly stack: Stack,
    private readonly commands: Commands,
    /** Origin of the local cloud that the stack is on. */
    private readonly localCloud: string | undefined,
  ) {}

  /**
   * The events of an aggregate, and of the aggregates of other types that have its id: a process often gives all its parts
   * one. `of` is AGGREGATE/ID, or the id alone.
   * @throws NotFoundError when there is none of any type
   */
  async trace(of: string): Promise<AggregateTrace> {
    const asked = this.#aggregatesOf(of);
    const parts = await Promise.all(asked.map((about) => this.#part(about)));
    const found = parts.filter((part) => part !== undefined);
    const [first] = asked;
    if (!first || found.length === 0) throw new NotFoundError(`no aggregate ${of}`);
    const traceIds = found.flatMap(({ events }) => events.flatMap(({ traceId }) => traceId ?? []));
    const spans = this.localCloud === undefined ? [] : await loadSpans(this.localCloud, new Set(traceIds));
    return { id: first.id, parts: found, ...(spans.length === 0 ? {} : { spans }) };
  }

  /** @throws NotFoundError when there is no such event */
  async match(of: string, sequence: number): Promise<readonly RuleVerdict[]> {
    const about = parseAggregateId(of, this.stack.aggregate_types);
    const detail = await this.#detail(about, sequence);
    if (detail === undefined) throw new NotFoundError(`no event ${sequence} of ${of} that could be read`);
    const { id, type, time } = detail;
    const event = { id, source: this.stack.event_source, 'detail-type': type, time, detail };
    return judgeRules(this.context.eventbridge(), this.stack.event_bus_name, event);
  }

  /** @throws ReadFailed */
  async deadLetters(stop: AbortSignal): Promise<DeadLetters> {
    const [depths = []] = await this.#read(['dlq', 'list', '--no-reasons'], stop);
    const counts = Object.fromEntries(
      (depths as { queue: string; waiting: number; underWay: number }[]).map(({ queue, waiting, underWay }) => [
        queue,
        waiting + underWay,
      ]),
    );
    const shown = Object.entries(counts)
      .filter(([, count]) => count > 0)
      .map(async ([consumer]) => {
        const [letters = []] = await this.#read(['dlq', 'show', `--limit=${LETTERS}`, '--', consumer], stop);
        return (letters as Omit<DeadLetterView, 'consumer'>[]).map((letter) => ({ consumer, ...letter }));
      });
    return { counts, letters: (await Promise.all(shown)).flat() };
  }

  /** Events that the sweeper gave up. @throws ReadFailed */
  async failed(stop: AbortSignal): Promise<readonly FailedView[]> {
    const [items = []] = await this.#read(['failed', 'list'], stop);
    return items as readonly FailedView[];
  }

  /** Events that don't get on. @throws ReadFailed */
  async stuck(stop: AbortSignal): Promise<readonly StuckView[]> {
    const [found = []] = await this.#read(['stuck'], stop);
    return found as readonly StuckView[];
  }

  /** What IAM denied since the local cloud started; AWS has that in CloudTrail. @throws NotFoundError on AWS */
  async denials(): Promise<readonly DenialView[]> {
    if (this.localCloud === undefined) throw new NotFoundError('what was denied is known of a local cloud alone');
    const answer = await fetch(`${this.localCloud}/_local/denials`);
    return ((await answer.json()) as { readonly denials: readonly DenialView[] }).denials;
  }

  async #read(argv: readonly string[], stop: AbortSignal): Promise<readonly unknown[]> {
    const { output, error, exitCode } = await this.commands.run(argv, stop);
    if (error !== undefined) throw new ReadFailed(error, exitCode);
    return output;
  }

  /** The type that is named first. */
  #aggregatesOf(of: string): AggregateId[] {
    const types = this.stack.aggregate_types;
    const named = types.find((type) => of.startsWith(`${type}/`));
    const id = named === undefined ? of : of.slice(named.length + 1);
    const others = types.filter((type) => type !== named);
    return [...(named === undefined ? [] : [named]), ...others].map((aggregate) => ({ aggregate, id }));
  }

  async #part(about: AggregateId): Promise<PassedPart | undefined> {
    try {
      const { aggregate, lastSequence, complete, events } = await loadTrace(this.context.dynamodb(), this.stack, about);
      const first = events.length - BODIES;
      const withDetail = events.map(async (event, index) =>
        index < first ? event : { ...event, detail: await this.#detail(about, event.sequence) },
      );
      return { aggregate, lastSequence, complete, events: await Promise.all(withDetail) };
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    }
  }

  async #detail({ aggregate, id }: AggregateId, sequence: number) {
    const table = { dynamodb: this.context.dynamodb(), tableName: this.stack.outbox_table_name };
    try {
      return (await loadEvent(table, { aggregate: { aggregateType: aggregate }, id }, sequence))?.event;
    } catch (error) {
      if (error instanceof UnreadableEventError || error instanceof CorruptItemError) return undefined;
      throw error;
    }
  }
}
