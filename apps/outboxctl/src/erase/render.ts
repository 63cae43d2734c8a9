import { oneLine } from '@outbox/cli-kit';
import { formatAggregateId, type AggregateId } from '../aggregate-id';
import type { Erased } from './erase';
import type { DeadLettersLeft, Staying } from './left';
import type { Unfinished } from './plan';

/** What `outboxctl erase` did, and what is left. */
export interface EraseReport extends AggregateId {
  readonly dryRun: boolean;
  readonly by: string;
  /** ISO-8601. */
  readonly at: string;
  /** Why, in the operator's words. */
  readonly reason?: string;
  readonly erased: Erased;
  /** Events that a consumer hasn't done; what it does with a copy that it gets still is new content. */
  readonly unfinished: readonly Unfinished[];
  readonly deadLetters: readonly DeadLettersLeft[];
  /** Aggregates of other types under the same id. */
  readonly others: readonly AggregateId[];
  readonly stays: readonly Staying[];
}

/** The report as a person reads it. */
export function renderErasure(report: EraseReport): string {
  const { erased, dryRun, by, at, reason, deadLetters, others, unfinished } = report;
  const why = reason === undefined ? '' : `: ${oneLine(reason)}`;
  const name = formatAggregateId(report);
  const records = Object.entries(erased.records).filter(([, count]) => count > 0);
  const done: (readonly [string, string])[] = [
    ['outbox', `${counted(erased.events, 'event')}${erased.before > 0 ? `, ${erased.before} erased before` : ''}`],
    ...(erased.owner || erased.requests
      ? [['head', [...(erased.owner ? ['owner'] : []), ...(erased.requests ? ['requests'] : [])].join(', ')] as const]
      : []),
    ...records.map(([consumer, count]) => [consumer, counted(count, 'record')] as const),
  ];
  const todo = [
    ...erased.changed.map((what) => `${what} changed meanwhile: run it again`),
    ...(erased.interrupted ? ['interrupted: run it again for the rest'] : []),
    ...unfinished.map(
      ({ sequence, consumer }) => `event ${sequence} is not done by ${consumer}, and can't be any more`,
    ),
    ...deadLetters.map(
      ({ queue, messages, until }) =>
        `${counted(messages, 'dead letter')} of ${queue}, until ${until}: outboxctl dlq drop ${queue} --aggregate ${name} --reason-text …`,
    ),
    ...others.map(
      (other) => `${formatAggregateId(other)} has the same id: outboxctl erase ${formatAggregateId(other)}`,
    ),
  ];
  return [
    dryRun ? `would erase the content of ${name}` : `erased the content of ${name}, by ${by} at ${at}${why}`,
    ...indented(aligned(done)),
    ...(todo.length > 0 ? ['left to do', ...indented(todo)] : []),
    "can't be erased in place",
    ...indented(report.stays.map(({ place, what, until }) => `${place}: ${what}${until ? `, until ${until}` : ''}`)),
  ].join('\n');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

function aligned(rows: readonly (readonly [name: string, value: string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}
