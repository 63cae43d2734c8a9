import type { AggregateTrace, ConsumerHopView, EventView, SpanView } from '@outbox/console-api';
import type { Span } from './timescale';

/**
 * What is drawn of a stretch of time: on the way, in a queue, in a consumer's hands, in those of whom it calls. Without
 * spans nobody knows how `work` parts into queue, work and calls.
 */
export type BarKind = 'way' | 'queued' | 'work' | 'call' | 'open' | 'dead';

export interface Bar extends Span {
  readonly kind: BarKind;
  /** What happened then, in words. */
  readonly title: string;
}

export interface Row {
  readonly label: string;
  readonly bars: readonly Bar[];
  /** How it stands, in words. */
  readonly outcome: string;
  readonly condition: 'running' | 'waiting' | 'failing' | 'behind';
}

export interface EventRows {
  readonly aggregate: string;
  readonly event: EventView;
  /** The event that it follows from, where that is in the trace, too. */
  readonly cause?: string;
  readonly rows: readonly Row[];
  /** Consumers that don't listen to its type. */
  readonly notFor: readonly string[];
}

/** The events of a trace by time, each with a row per stage and consumer; `now` ends what is still open. */
export function rowsOf(trace: AggregateTrace, now: number): readonly EventRows[] {
  const all = trace.parts
    .flatMap(({ aggregate, events }) => events.map((event) => ({ aggregate, event })))
    .sort((a, b) => a.event.committedAt.localeCompare(b.event.committedAt) || a.event.sequence - b.event.sequence);
  const { spans = [] } = trace;
  const byId = new Map(all.map(({ event }) => [event.id, event]));
  return all.map(({ aggregate, event }) => {
    const cause = byId.get(causeOf(event) ?? '');
    return {
      aggregate,
      event,
      ...(cause === undefined ? {} : { cause: `${cause.type} event ${cause.sequence}` }),
      rows: [
        outboxRow(event, now),
        ...event.consumers.filter(isConcerned).map((hop) => {
          const row = consumerRow(event, hop, now);
          const told = spanBars(event, hop, spans);
          return told.length === 0
            ? row
            : { ...row, bars: [...wayOf(event, told), ...told, ...row.bars.filter(isOpen)] };
        }),
      ],
      notFor: event.consumers.filter((hop) => !isConcerned(hop)).map(({ consumer }) => consumer),
    };
  });
}

/** Id of the event that a consumer had in hand when it committed this one. */
function causeOf({ detail }: EventView): string | undefined {
  if (typeof detail !== 'object' || detail === null || !('causationid' in detail)) return undefined;
  return typeof detail.causationid === 'string' ? detail.causationid : undefined;
}

/** All that is drawn, for the scale. */
export function spansOf(events: readonly EventRows[]): readonly Span[] {
  return events.flatMap(({ rows }) => rows.flatMap(({ bars }) => bars));
}

function isConcerned({ state }: ConsumerHopView): boolean {
  return state !== 'not-subscribed';
}

function outboxRow(event: EventView, now: number): Row {
  const { committedAt, relayedAt, publishedAt, attempts, failure } = event;
  const committed = Date.parse(committedAt);
  const end = Date.parse(publishedAt ?? relayedAt ?? new Date(Math.max(now, committed)).toISOString());
  const relayed = relayedAt === undefined ? undefined : Date.parse(relayedAt);
  const label = 'outbox → bus';
  const bars: Bar[] = [
    ...(relayed === undefined
      ? []
      : [{ kind: 'way' as const, from: committed, to: relayed, title: 'committed, until the relay took it' }]),
    ...(publishedAt === undefined
      ? []
      : [{ kind: 'work' as const, from: relayed ?? committed, to: end, title: 'relayed, until it came off the bus' }]),
  ];
  const again = attempts > 0 ? `, published again ${attempts === 1 ? 'once' : `${attempts} times`} by the sweeper` : '';
  if (failure !== undefined) {
    return {
      label,
      bars: [{ kind: 'dead', from: committed, to: end, title: failure }],
      outcome: failure,
      condition: 'failing',
    };
  }
  if (publishedAt !== undefined) return { label, bars, outcome: `published${again}`, condition: 'running' };
  const open: Bar = {
    kind: 'open',
    from: relayed ?? committed,
    to: Math.max(now, committed),
    title: 'not seen on the bus yet',
  };
  return { label, bars: [...bars, open], outcome: `not published${again}`, condition: 'waiting' };
}

/** What a consumer told of an event: each delivery, with the calls in it over it. */
function spanBars({ id }: EventView, { consumer }: ConsumerHopView, spans: readonly SpanView[]): Bar[] {
  const own = spans.filter(({ service, eventId }) => service === consumer && eventId === id);
  return own
    .flatMap(({ name, from, to, outcome, attempt, error }): Bar[] => {
      const why = error === undefined ? '' : `: ${error}`;
      if (name === 'queue wait') return [{ kind: 'queued', from, to, title: 'in its queue' }];
      if (name === 'call' || name === 'lookup') {
        const nth = attempt === undefined ? '' : `, attempt ${attempt}`;
        return [{ kind: error === undefined ? 'call' : 'dead', from, to, title: `${name}${nth}${why}` }];
      }
      if (!name.startsWith('process ')) return [];
      return [{ kind: 'work', from, to, title: `at work, ${outcome ?? 'ended'}${why}` }];
    })
    .sort((a, b) => DEPTH.indexOf(a.kind) - DEPTH.indexOf(b.kind) || a.from - b.from);
}

/** What is drawn over what: the later. */
const DEPTH: readonly BarKind[] = ['way', 'queued', 'work', 'call', 'dead', 'open'];

function wayOf({ committedAt }: EventView, told: readonly Bar[]): Bar[] {
  const from = Date.parse(committedAt);
  const to = Math.min(...told.map((bar) => bar.from));
  return to > from ? [{ kind: 'way', from, to, title: 'on the way to its queue' }] : [];
}

function isOpen({ kind }: Bar): boolean {
  return kind === 'open' || kind === 'dead';
}

const OUTCOMES = { done: 'done', superseded: 'superseded by a newer', skipped: 'not its: passed over' } as const;

function consumerRow(event: EventView, hop: ConsumerHopView, now: number): Row {
  const { consumer: label, queuedAt, appliedAt, receives = 1, attempts = 1, begun, state } = hop;
  const committed = Date.parse(event.committedAt);
  if (state === 'done' && queuedAt !== undefined && appliedAt !== undefined) {
    const [queued, applied] = [Date.parse(queuedAt), Date.parse(appliedAt)];
    const repeats = [
      ...(attempts > 1 ? [`at attempt ${attempts}`] : []),
      ...(receives > 1 ? [`received ${receives} times`] : []),
    ];
    return {
      label,
      bars: [
        { kind: 'way', from: committed, to: queued, title: 'on the way to its queue' },
        { kind: 'work', from: queued, to: Math.max(applied, queued), title: 'in its queue, and at work' },
      ],
      outcome: ['done', ...repeats].join(', '),
      condition: 'running',
    };
  }
  if (state === 'done' || state === 'superseded' || state === 'skipped') {
    return { label, bars: [], outcome: OUTCOMES[state], condition: 'running' };
  }
  if (!begun) {
    const bar: Bar = { kind: 'open', from: committed, to: Math.max(now, committed), title: 'not begun yet' };
    return { label, bars: [bar], outcome: 'not begun', condition: 'waiting' };
  }
  const first = Date.parse(begun.firstAttemptAt);
  const why = begun.lastError === undefined ? '' : `: ${begun.lastError}`;
  const isDead = begun.status === 'dead-lettered';
  const what = isDead ? `dead letter (${begun.reason ?? 'no reason'})` : begun.status;
  const to = isDead ? first : Math.max(now, first);
  return {
    label,
    bars: [
      { kind: 'way', from: committed, to: Math.max(first, committed), title: 'until the first attempt' },
      { kind: isDead ? 'dead' : 'open', from: first, to, title: `${what}${why}` },
    ],
    outcome: `${what}, attempt ${begun.attempts}${why}`,
    condition: isDead ? 'failing' : 'behind',
  };
}
