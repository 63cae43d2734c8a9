import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { eraseRecord } from '@outbox/inbox-dynamodb';
import { eraseEvent, eraseHead } from '@outbox/outbox-dynamodb';
import { sequenceOf } from '@outbox/outbox-rules';
import type { Stack } from '../stack';
import { sequencesOf, type ErasePlan } from './plan';

/** What was erased of an aggregate, or would be. */
export interface Erased {
  /** Events whose content and stored answer went. */
  readonly events: number;
  /** Events that were erased before. */
  readonly before: number;
  /** Whether the owner went from the head, and the marks of requests. */
  readonly owner: boolean;
  readonly requests: boolean;
  /** Records whose effect or last error went, by consumer. */
  readonly records: Readonly<Record<string, number>>;
  /** What somebody else changed meanwhile, so that it was left alone; another run erases it. */
  readonly changed: readonly string[];
  /** It was interrupted: another run erases the rest. */
  readonly interrupted?: true;
}

/** What carrying out a plan would erase. */
export function plannedErasure({ outbox, consumers }: ErasePlan): Erased {
  return {
    events: erasableEvents(outbox).length,
    before: sequencesOf(outbox, 'erased').length,
    owner: outbox.head?.owner === true,
    requests: outbox.head?.marks !== undefined,
    records: Object.fromEntries(consumers.map(({ name, records }) => [name, records.length])),
    changed: [],
  };
}

/**
 * Erases what a plan found, each item by a conditional write of its own: an end half-way leaves the rest for another run.
 * What a consumer knows an event by stays, so nothing is done twice.
 */
export async function erase(
  dynamodb: DynamoDBClient,
  stack: Pick<Stack, 'outbox_table_name'>,
  { outbox, consumers }: ErasePlan,
  { now, stop }: { readonly now: number; readonly stop: AbortSignal },
): Promise<Erased> {
  const table = { dynamodb, tableName: stack.outbox_table_name };
  const at = new Date(now).toISOString();
  const changed: string[] = [];
  /** 1 when the write was made. */
  const count = async (what: string, write: () => Promise<boolean>): Promise<number> => {
    if (stop.aborted) return 0;
    if (await write()) return 1;
    changed.push(what);
    return 0;
  };
  let events = 0;
  for (const one of erasableEvents(outbox)) {
    events += await count(`event ${sequenceOf(one.event)}`, () => eraseEvent(table, one, now));
  }
  const { head } = outbox;
  const hasHead = head !== undefined && (await count('the head', () => eraseHead(table, head))) === 1;
  const records: Record<string, number> = {};
  for (const consumer of consumers) {
    let erased = 0;
    const inbox = { dynamodb, tableName: consumer.table };
    for (const record of consumer.records) {
      erased += await count(`${record.sk} of ${consumer.name}`, () => eraseRecord(inbox, record, at));
    }
    records[consumer.name] = erased;
  }
  return {
    events,
    before: sequencesOf(outbox, 'erased').length,
    owner: hasHead && head.owner,
    requests: hasHead && head.marks !== undefined,
    records,
    changed,
    ...(stop.aborted ? { interrupted: true } : {}),
  };
}

/** `checkErasePlan` lets failed events pass only where they are to go, too. */
function erasableEvents({ events }: ErasePlan['outbox']) {
  return events.filter(({ erasability }) => erasability === 'erase' || erasability === 'failed');
}
