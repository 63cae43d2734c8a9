import type { FilterLogEventsCommandInput, InputLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import type { Engine } from '@outbox/local-cloud-kernel';
import { NEWEST_MS, OLDEST_MS, PAGE_EVENTS, PATTERN_CHARACTERS } from './limits';
import { checkBatch } from './batch';
import { checkNumber, checkText } from './constraints';
import { invalidParameter } from './errors';
import type { EventFiles, StoredEvent } from './event-files';
import { parseFilterPattern } from './pattern/filter-pattern';
import { withGroupName } from './group-name';
import { onGroup, type LogsOperations } from './group-operations';
import type { LogMetrics } from './log-metrics';
import type { LogStore } from './log-store';
import type { LogGroupRecord, LogStreamRecord } from './model';
import { invalidNextToken, page } from './page';
import { onStream } from './stream-operations';
import type { ResourcePolicies } from './resource-policies';

const DAY_MS = 86_400_000;
/** The latest events first are for searches from 2024 on. Source: API reference, FilterLogEvents, startFromHead. */
const BACKWARDS_SINCE = Date.UTC(2024, 0, 1);

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
        const now = engine.clock.now();
        const days = store.group(context, input.logGroupName).retentionDays ?? Infinity;
        const bytes = checkBatch(events, now - Math.min(days * DAY_MS, OLDEST_MS), now + NEWEST_MS);
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
          metrics.ingested(store.group(context, input.logGroupName), accepted);
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
      requires: (input, context) => onStream(policies, 'GetLogEvents')(withGroupName(input, context), context),
      handle: async (given, context) => {
        const input = withGroupName(given, context);
        checkNumber(input.limit, 'limit', 1, PAGE_EVENTS);
        const stream = store.stream(context, input.logGroupName, input.logStreamName);
        const { startTime = 0, endTime = Infinity } = input;
        const events = (await read(stream))
          .filter(({ timestamp }) => timestamp >= startTime && timestamp < endTime)
          .sort((a, b) => a.timestamp - b.timestamp);
        const [from, to] = windowOf(input, events.length, input.limit ?? PAGE_EVENTS);
        return {
          events: events.slice(from, to).map(toEvent),
          nextForwardToken: `f/${to}`,
          nextBackwardToken: `b/${from}`,
        };
      },
    },
    FilterLogEvents: {
      requires: (input, context) => onGroup('FilterLogEvents')(withGroupName(input, context), context),
      handle: async (given, context) => {
        const input = withGroupName(given, context);
        const { backwards, nextToken: token } = directionOf(input);
        checkNumber(input.limit, 'limit', 1, PAGE_EVENTS);
        checkText(input.filterPattern, 'filterPattern', { least: 0, most: PATTERN_CHARACTERS });
        const matches = parseFilterPattern(input.filterPattern);
        const { startTime = 0, endTime = Infinity } = input;
        const streams = searched(store, store.group(context, input.logGroupName), input);
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
          // Unlike GetLogEvents', the end is inclusive. Source: API reference, FilterLogEvents, endTime.
          .filter(({ event: { timestamp } }) => timestamp >= startTime && timestamp <= endTime)
          .filter(({ event }) => matches(event.message))
          .sort((a, b) => a.event.timestamp - b.event.timestamp || a.event.ingestedAt - b.event.ingestedAt);
        if (backwards) found.reverse();
        const { items, nextToken } = page(found, { limit: input.limit, nextToken: token }, PAGE_EVENTS);
        return {
          events: items.map(({ event, ...rest }) => ({ ...rest, ...toEvent(event) })),
          searchedLogStreams: [],
          nextToken: nextToken && `${backwards ? 'b' : 'f'}/${nextToken}`,
        };
      },
    },
  };
}

/**
 * The streams a search is over: those named, those under a prefix, or all.
 * @throws AwsError for both, and for a stream there is not
 */
function searched(
  store: LogStore,
  group: LogGroupRecord,
  input: Pick<FilterLogEventsCommandInput, 'logStreamNames' | 'logStreamNamePrefix'>,
): LogStreamRecord[] {
  const { logStreamNames: names, logStreamNamePrefix: prefix } = input;
  if (names && prefix !== undefined) {
    throw invalidParameter('logStreamNames and logStreamNamePrefix are mutually exclusive parameters.');
  }
  if (names) return [...new Set(names)].map((name) => store.stream(group, group.name, name));
  return store.streams(group).filter(({ name }) => name.startsWith(prefix ?? ''));
}

/** Which way a search goes; a token goes on in its own. */
function directionOf(input: FilterLogEventsCommandInput): { backwards: boolean; nextToken: string | undefined } {
  if (input.nextToken !== undefined) {
    const [, direction, nextToken] = /^([fb])\/(\d+)$/.exec(input.nextToken) ?? [];
    if (!direction) throw invalidNextToken();
    return { backwards: direction === 'b', nextToken };
  }
  const backwards = input.startFromHead === false;
  if (backwards && (input.startTime ?? 0) < BACKWARDS_SINCE) {
    throw invalidParameter('startFromHead may be false only with a startTime on or after 2024-01-01T00:00:00Z.');
  }
  return { backwards, nextToken: undefined };
}

/** Which events a page holds: the latest ones unless `startFromHead` or a token says otherwise. */
function windowOf(
  input: { nextToken?: string | undefined; startFromHead?: boolean | undefined },
  length: number,
  limit: number,
): readonly [from: number, to: number] {
  const [, direction, index] = /^([fb])\/(\d+)$/.exec(input.nextToken ?? '') ?? [];
  if (input.nextToken && !direction) throw invalidNextToken();
  const at = Math.min(Number(index ?? (input.startFromHead ? 0 : length)), length);
  const forward = direction ? direction === 'f' : input.startFromHead;
  return forward ? [at, Math.min(at + limit, length)] : [Math.max(0, at - limit), at];
}

function toEvent(event: StoredEvent) {
  return { timestamp: event.timestamp, message: event.message, ingestionTime: event.ingestedAt };
}
