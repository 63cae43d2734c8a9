import type { InputLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import type { Engine } from '@outbox/local-cloud-kernel';
import { invalidParameter } from './errors';
import type { EventFiles, StoredEvent } from './event-files';
import { parseFilterPattern } from './pattern/filter-pattern';
import { onGroup, type LogsOperations } from './group-operations';
import type { LogMetrics } from './log-metrics';
import type { LogStore } from './log-store';
import type { LogStreamRecord } from './model';
import { page } from './page';
import { onStream } from './stream-operations';
import type { ResourcePolicies } from './resource-policies';

const DAY_MS = 86_400_000;
/** Limits of a batch and of events' age. Source: CloudWatch Logs API reference, PutLogEvents. */
const BATCH_EVENTS = 10_000;
const BATCH_BYTES = 1_048_576;
const EVENT_OVERHEAD_BYTES = 26;
const OLDEST_MS = 14 * DAY_MS;
const NEWEST_MS = 2 * 3_600_000;

/** What is logged: written by functions and services, read by people. */
export function eventOperations(
  engine: Pick<Engine, 'clock'>,
  store: LogStore,
  files: EventFiles,
  policies: ResourcePolicies,
  metrics: LogMetrics,
): LogsOperations {
  const read = async (stream: LogStreamRecord): Promise<StoredEvent[]> => {
    const days = store.group(stream, stream.group).retentionDays;
    const oldest = days === undefined ? 0 : engine.clock.now() - days * DAY_MS;
    return (await files.read(stream.id)).filter(({ timestamp }) => timestamp >= oldest);
  };
  return {
    PutLogEvents: {
      requires: onStream(policies, 'PutLogEvents'),
      handle: (input, context) => {
        const stream = store.stream(context, input.logGroupName, input.logStreamName);
        const events = input.logEvents ?? [];
        const bytes = checkBatch(events);
        const now = engine.clock.now();
        const days = store.group(context, input.logGroupName).retentionDays ?? Infinity;
        const at = (event: InputLogEvent): number => event.timestamp ?? 0;
        const expired = events.filter((event) => at(event) < now - days * DAY_MS).length;
        const tooOld = events.filter((event) => at(event) < now - OLDEST_MS).length;
        const accepted = events.slice(Math.max(expired, tooOld)).filter((event) => at(event) <= now + NEWEST_MS);
        const newest = Math.max(expired, tooOld) + accepted.length;
        if (accepted.length > 0) {
          files.append(
            stream.id,
            accepted.map((event) => ({ timestamp: at(event), ingestedAt: now, message: event.message ?? '' })),
          );
          metrics.ingested(context, input.logGroupName ?? '', accepted);
          const times = accepted.map(at);
          store.putStream({
            ...stream,
            firstEventAt: Math.min(stream.firstEventAt ?? Infinity, times[0] ?? Infinity),
            lastEventAt: Math.max(stream.lastEventAt ?? 0, times.at(-1) ?? 0),
            lastIngestionAt: now,
            storedBytes: stream.storedBytes + bytes,
          });
        }
        if (accepted.length === events.length) return { nextSequenceToken: String(now) };
        return {
          nextSequenceToken: String(now),
          rejectedLogEventsInfo: {
            tooNewLogEventStartIndex: newest < events.length ? newest : undefined,
            tooOldLogEventEndIndex: tooOld > 0 ? tooOld : undefined,
            expiredLogEventEndIndex: expired > 0 ? expired : undefined,
          },
        };
      },
    },
    GetLogEvents: {
      requires: (input, context) => onStream(policies, 'GetLogEvents')(withName(input), context),
      handle: async (given, context) => {
        const input = withName(given);
        const stream = store.stream(context, input.logGroupName, input.logStreamName);
        const events = (await read(stream)).filter(within(input)).sort((a, b) => a.timestamp - b.timestamp);
        const limit = Math.min(input.limit ?? BATCH_EVENTS, BATCH_EVENTS);
        const [from, to] = windowOf(input, events.length, limit);
        return {
          events: events.slice(from, to).map(toEvent),
          nextForwardToken: `f/${to}`,
          nextBackwardToken: `b/${from}`,
        };
      },
    },
    FilterLogEvents: {
      requires: (input, context) => onGroup('FilterLogEvents')(withName(input), context),
      handle: async (given, context) => {
        const input = withName(given);
        const matches = parseFilterPattern(input.filterPattern);
        const streams = store
          .streams(store.group(context, input.logGroupName))
          .filter(({ name }) => input.logStreamNames?.includes(name) ?? true)
          .filter(({ name }) => name.startsWith(input.logStreamNamePrefix ?? ''));
        const perStream = await Promise.all(
          streams.map(async (stream) =>
            (await read(stream)).map((event, index) => ({
              event,
              logStreamName: stream.name,
              eventId: `${stream.id}-${String(index).padStart(12, '0')}`,
            })),
          ),
        );
        const found = perStream
          .flat()
          .filter(({ event }) => within(input)(event) && matches(event.message))
          .sort((a, b) => a.event.timestamp - b.event.timestamp);
        const { items, nextToken } = page(found, input, BATCH_EVENTS);
        return {
          events: items.map(({ event, ...rest }) => ({ ...rest, ...toEvent(event) })),
          searchedLogStreams: [],
          nextToken,
        };
      },
    },
  };
}

/** @throws AwsError InvalidParameterException for a batch that is too large or out of order. Answers its bytes. */
function checkBatch(events: readonly InputLogEvent[]): number {
  if (events.length > BATCH_EVENTS)
    throw invalidParameter(`Member must have length less than or equal to ${BATCH_EVENTS}`);
  let bytes = 0;
  let previous = -Infinity;
  for (const { timestamp = 0, message = '' } of events) {
    if (timestamp < previous) {
      throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
    }
    previous = timestamp;
    bytes += Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES;
  }
  if (bytes > BATCH_BYTES) {
    throw invalidParameter(`Upload too large: ${bytes} bytes exceeds limit of ${BATCH_BYTES}`);
  }
  return bytes;
}

/** A group may be named by its ARN. */
function withName<T extends { logGroupName?: string | undefined; logGroupIdentifier?: string | undefined }>(
  input: T,
): T {
  const name = input.logGroupName ?? input.logGroupIdentifier?.replace(/^arn:.*:log-group:/, '').replace(/:\*$/, '');
  return { ...input, logGroupName: name };
}

/** From `startTime` (inclusive) to `endTime` (exclusive for events at that very time or later). */
function within(input: { startTime?: number | undefined; endTime?: number | undefined }) {
  return ({ timestamp }: StoredEvent): boolean =>
    timestamp >= (input.startTime ?? 0) && timestamp < (input.endTime ?? Infinity);
}

/** Which events a page holds: the latest ones unless `startFromHead` or a token says otherwise. */
function windowOf(
  input: { nextToken?: string | undefined; startFromHead?: boolean | undefined },
  length: number,
  limit: number,
): readonly [from: number, to: number] {
  const [, direction, index] = /^([fb])\/(\d+)$/.exec(input.nextToken ?? '') ?? [];
  if (input.nextToken && !direction) throw invalidParameter('The specified nextToken is invalid.');
  const at = Math.min(Number(index ?? (input.startFromHead ? 0 : length)), length);
  const forward = direction ? direction === 'f' : input.startFromHead;
  return forward ? [at, Math.min(at + limit, length)] : [Math.max(0, at - limit), at];
}

function toEvent(event: StoredEvent) {
  return { timestamp: event.timestamp, message: event.message, ingestionTime: event.ingestedAt };
}
