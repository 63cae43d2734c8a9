import { defineAggregate } from '@outbox/outbox-envelope';
import {
  acknowledge,
  append,
  claim,
  isAwaited,
  isDue,
  isStillAs,
  isUnpublished,
  relay,
  republish,
  type OutboxItem,
  type StoredOutboxItem,
} from '@outbox/outbox-rules';
import * as z from 'zod/mini';
import type { InboxMessage, Publication } from '../message';
import type { Move } from './explore';

/** When everything happens. Time that passes makes what was written before it older, instead. */
export const NOW = Date.UTC(2026, 0, 1);

/** Longer than every lease, every back-off of the sweeper and every wait for a predecessor. */
export const LONG_MS = 7 * 3_600_000;

/** An event in the table, as far as rows differ. */
interface Row {
  readonly id: string;
  readonly attempts: number;
  readonly status: 'fresh' | 'due' | 'published' | 'published long ago' | 'failed';
}

/** Who commits events of the aggregate, one after the other. */
interface Writer {
  /** Events to be committed yet. */
  readonly left: number;
  /** The head as it was read. */
  readonly after?: number;
  /** The event of a commit that took effect without an answer: it is sent once more. */
  readonly unanswered?: string;
}

/** A run of the sweeper that has to do with one event. */
interface Sweep {
  readonly sequence: number;
  readonly seen: Row;
  readonly isClaimed: boolean;
}

/** The outbox's side of the bus: writers, table, stream, relay, sweeper and acknowledger, of one aggregate. */
export interface OutboxState {
  readonly writers: readonly Writer[];
  /** The event of sequence 1 first. */
  readonly rows: readonly Row[];
  /** Sequences in the stream, which the relay may get in any order. */
  readonly stream: readonly number[];
  /** Sequences on the acknowledger's queue. */
  readonly sightings: readonly number[];
  readonly sweeps: readonly Sweep[];
}

/** A step, with what it puts on the bus. */
export type OutboxMove = Move<OutboxState> & { readonly publishes?: InboxMessage };

/** Writers that are to commit so many events each, and nothing else. */
export function emptyOutbox(writers: readonly number[]): OutboxState {
  return { writers: writers.map((left) => ({ left })), rows: [], stream: [], sightings: [], sweeps: [] };
}

/** The state as JSON, in the form that states alike share: what has no order is sorted. */
export function normalOutbox(state: OutboxState): string {
  const numbers = (all: readonly number[]) => [...all].sort((a, b) => a - b);
  return JSON.stringify({
    writers: sorted(state.writers.map(({ left, ...rest }) => ({ left, ...(left === 0 ? {} : rest) }))),
    rows: state.rows,
    stream: numbers(state.stream),
    sightings: numbers(state.sightings),
    sweeps: sorted(state.sweeps),
  });
}

/** Everything is committed, published, acknowledged, and nobody is at work. */
export function isOutboxAtRest({ writers, rows, stream, sightings, sweeps }: OutboxState): boolean {
  return (
    writers.every(({ left }) => left === 0) &&
    rows.every(({ status }) => status.startsWith('published')) &&
    stream.length + sightings.length + sweeps.length === 0
  );
}

/** A long time passes: what is unpublished is due, and no run of the sweeper lasts that long. */
export function ageOutbox(state: OutboxState): OutboxState {
  const { rows } = agePublications(state);
  return {
    ...state,
    rows: rows.map((row) => (row.status === 'fresh' ? { ...row, status: 'due' } : row)),
    sweeps: [],
  };
}

/** It is long ago that what is published was published. */
export function agePublications(state: OutboxState): OutboxState {
  const rows = state.rows.map((row) =>
    row.status === 'published' ? { ...row, status: 'published long ago' as const } : row,
  );
  return { ...state, rows };
}

/** What a consumer that asks is told of each event, that of sequence 1 first. */
export function publicationsOf({ rows }: OutboxState): readonly Publication[] {
  return rows.map((_, index) => {
    const item = itemOf(rows, index + 1);
    return isAwaited(item) ? { kind: 'waiting' } : { kind: 'published', at: Date.parse(item.publishedAt ?? '') };
  });
}

/** Every step of writers, relay, acknowledger and sweeper, and what may go wrong with each. */
export function outboxMoves(state: OutboxState): readonly OutboxMove[] {
  return [...writerMoves(state), ...relayMoves(state), ...acknowledgerMoves(state), ...sweeperMoves(state)];
}

function* writerMoves(state: OutboxState): Generator<OutboxMove> {
  for (const [index, writer] of state.writers.entries()) {
    const { left, after, unanswered } = writer;
    if (left === 0) continue;
    const become = (next: Writer, more: Partial<OutboxState> = {}): OutboxState => ({
      ...state,
      ...more,
      writers: state.writers.with(index, next),
    });
    const head = state.rows.length;
    yield { label: 'a writer dies', next: become({ left: 0 }), isFault: true };
    if (after === undefined) {
      yield { label: `a writer reads the head: ${head}`, next: become({ left, after: head }), isFault: false };
    } else if (unanswered !== undefined) {
      yield { label: 'a writer learns that its commit took effect', next: become({ left: left - 1 }), isFault: false };
    } else if (after !== head) {
      yield { label: `a writer is told of a conflict: ${head}`, next: become({ left }), isFault: false };
    } else {
      const id = `e${head + 1}`;
      const item = committed(after, id);
      const sequence = after + 1;
      const written = { rows: [...state.rows, rowOf(item)], stream: [...state.stream, sequence] };
      const commit = {
        label: `a writer commits event ${sequence}`,
        ...(item.sequence === sequence ? {} : { violation: `event ${item.sequence} came after ${head}` }),
      };
      yield { ...commit, next: become({ left: left - 1 }, written), isFault: false };
      yield {
        ...commit,
        label: `${commit.label} and gets no answer`,
        next: become({ ...writer, unanswered: id }, written),
        isFault: true,
      };
    }
  }
}

function* relayMoves(state: OutboxState): Generator<OutboxMove> {
  for (const [index, sequence] of state.stream.entries()) {
    const { id, type, entity, detail } = itemOf(state.rows, sequence);
    const image = { id: { S: id }, type: { S: type }, entity: { S: entity }, detail: { S: detail } };
    const publishes = messageOf(relay({ dynamodb: { NewImage: image } }, isoTime(NOW)).detail);
    const sightings = [...state.sightings, publishes.version];
    const stream = state.stream.toSpliced(index, 1);
    const label = `the relay publishes event ${sequence}`;
    yield { label, next: { ...state, stream, sightings }, isFault: false, publishes };
    yield { label: `${label} and dies`, next: { ...state, sightings }, isFault: true, publishes };
    yield { label: `the stream loses event ${sequence}`, next: { ...state, stream }, isFault: true };
  }
}

function* acknowledgerMoves(state: OutboxState): Generator<OutboxMove> {
  for (const [index, sequence] of state.sightings.entries()) {
    const item = itemOf(state.rows, sequence);
    const { pk, sk } = acknowledge({ pk: item.pk, sequence, id: item.id }, NOW, { retentionDays: 7 });
    const found = pk === item.pk && sk === item.sk ? item : undefined;
    const published = { id: item.id, attempts: 0, status: 'published' as const };
    const rows = isUnpublished(found, item.id) ? state.rows.with(sequence - 1, published) : state.rows;
    const sightings = state.sightings.toSpliced(index, 1);
    const label = `event ${sequence} is acknowledged`;
    yield { label, next: { ...state, rows, sightings }, isFault: false };
    yield { label: `${label}, and the acknowledger dies`, next: { ...state, rows }, isFault: true };
    yield { label: `the acknowledger never sees event ${sequence}`, next: { ...state, sightings }, isFault: true };
  }
}

function* sweeperMoves(state: OutboxState): Generator<OutboxMove> {
  for (const [index, row] of state.rows.entries()) {
    const sequence = index + 1;
    if (row.status === 'fresh') {
      const rows = state.rows.with(index, { ...row, status: 'due' });
      yield { label: `event ${sequence} is due before it is acknowledged`, next: { ...state, rows }, isFault: true };
    }
    const others = state.sweeps.filter((one) => one.sequence === sequence).length;
    if (others < 2 && isDue(itemOf(state.rows, sequence), NOW)) {
      const sweeps = [...state.sweeps, { sequence, seen: row, isClaimed: false }];
      const label = `${others > 0 ? 'another' : 'a'} sweep finds event ${sequence} due`;
      yield { label, next: { ...state, sweeps }, isFault: others > 0 };
    }
  }
  for (const [index, { sequence, seen, isClaimed }] of state.sweeps.entries()) {
    const ended = { ...state, sweeps: state.sweeps.toSpliced(index, 1) };
    yield { label: `the sweep of event ${sequence} dies`, next: ended, isFault: true };
    const item = itemOf([seen], 1, sequence);
    if (isClaimed) {
      const made = republish(item, isoTime(NOW));
      if (made.kind !== 'entry') throw new Error(made.reason);
      const publishes = messageOf(JSON.parse(made.entry.detail) as Published);
      const next = { ...ended, sightings: [...state.sightings, publishes.version] };
      yield { label: `the sweep publishes event ${sequence}`, next, isFault: false, publishes };
      continue;
    }
    const label = `the sweep claims event ${sequence}`;
    if (!isStillAs(itemOf(state.rows, sequence), item)) {
      yield { label: `${label} in vain`, next: ended, isFault: false };
      continue;
    }
    const decision = claim(item, NOW, policy);
    if (decision.kind === 'give-up') {
      const rows = state.rows.with(sequence - 1, { ...seen, status: 'failed' });
      yield { label: `the sweep gives event ${sequence} up`, next: { ...ended, rows }, isFault: false };
      continue;
    }
    const { attempts, dueAt } = decision;
    const claimed: Row = { id: item.id, attempts, status: Date.parse(dueAt) > NOW ? 'fresh' : 'due' };
    const rival = state.sweeps.find((one, at) => at !== index && one.sequence === sequence && one.isClaimed);
    yield {
      label,
      next: {
        ...state,
        rows: state.rows.with(sequence - 1, claimed),
        sweeps: state.sweeps.with(index, { sequence, seen: claimed, isClaimed: true }),
      },
      isFault: false,
      ...(rival ? { violation: `two sweeps own event ${sequence}` } : {}),
    };
  }
}

const parcel = defineAggregate('parcel', { events: { Moved: { v1: z.object({}) } } });
const policy = { source: 'parcels', thresholdMs: 60_000 };
const items = new Map<string, OutboxItem & { readonly sequence: number }>();

/** The item of an event that is committed after a sequence. */
function committed(after: number, id: string): OutboxItem & { readonly sequence: number } {
  const known = items.get(`${after} ${id}`);
  if (known) return known;
  const change = { aggregate: parcel, id: 'p', after, events: [parcel.Moved({})] };
  const appended = append(change, {}, { now: NOW, eventId: () => id }, policy);
  const [item] = appended.kind === 'appended' ? appended.items : [];
  if (appended.kind === 'refused' || !item) throw new Error(`${id} after ${after}: ${JSON.stringify(appended)}`);
  const made = { ...item, sequence: Number((JSON.parse(item.detail) as Published).sequence) };
  items.set(`${after} ${id}`, made);
  return made;
}

function rowOf({ id, attempts, dueAt = '' }: OutboxItem): Row {
  return { id, attempts, status: Date.parse(dueAt) > NOW ? 'fresh' : 'due' };
}

/** An event's item as it lies in the table. */
function itemOf(rows: readonly Row[], at: number, sequence = at): StoredOutboxItem {
  const row = rows[at - 1];
  if (!row) throw new Error(`there is no event ${sequence}`);
  const { unpublishedShard, sequence: _, ...item } = committed(sequence - 1, row.id);
  const { attempts, status } = row;
  if (status.startsWith('published')) {
    const publishedAt = isoTime(status === 'published' ? NOW : NOW - LONG_MS);
    return { ...item, dueAt: undefined, attempts, publishedAt };
  }
  if (status === 'failed') return { ...item, dueAt: undefined, attempts, failedAt: isoTime(NOW) };
  return { ...item, unpublishedShard, attempts, dueAt: isoTime(status === 'fresh' ? NOW + 60_000 : NOW - LONG_MS) };
}

/** What a consumer reads of an event on the bus. */
type Published = {
  readonly id: string;
  readonly type: string;
  readonly partitionkey: string;
  readonly sequence: string;
};

function messageOf({ id, type, partitionkey, sequence }: Published): InboxMessage {
  return { id, type, subject: partitionkey, version: Number(sequence), recognition: 'known' };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

function sorted<T>(all: readonly T[]): readonly T[] {
  return [...all].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
