import type { Row } from './rows';

/** An event that is committed, as the outbox has it. */
export interface CommittedEvent {
  readonly id: string;
  readonly type: string;
  readonly version: number;
  /** The event that a consumer was handling when it caused this one; absent where a request did. */
  readonly causationId?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The events among rows of the outbox table, by version. */
export function readEvents(rows: readonly Row[]): CommittedEvent[] {
  const items = rows.filter((row) => row['entity'] === 'OutboxEvent');
  return items.map(readEvent).sort((a, b) => a.version - b.version);
}

/** The number in an event's sort key. */
export function sequenceOf(item: Row): number {
  return Number(String(item['sk']).split('#')[1]);
}

function readEvent(item: Row): CommittedEvent {
  const detail = JSON.parse(String(item['detail'])) as {
    readonly causationid?: string;
    readonly correlationid?: string;
    readonly data: CommittedEvent['data'];
  };
  return {
    id: String(item['id']),
    type: String(item['type']),
    version: sequenceOf(item),
    causationId: detail.causationid,
    correlationId: detail.correlationid,
    data: detail.data,
  };
}
