import type { PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import {
  AwsError,
  refuseOptions,
  unsupported,
  type Caller,
  type Engine,
  type RequestContext,
  type Requirement,
  type Service,
} from '@outbox/local-cloud-kernel';
import { isJsonObject, jsonDepth, minifyJson, parseJson } from '@outbox/local-cloud-pattern';
import { checkCount, checkText } from '../shared/constraints';
import { busNotFound, validation } from './errors';
import type { BusEvent } from './event';
import type { BusKeys } from './bus-keys';
import type { EventStore, StoredBus } from './event-store';
import type { Forwarding } from './forwarding';
import { anyBusAddress, type BusAddress } from './names';
import type { Router } from './router';
import { MAX_BYTES, MAX_DEPTH, MAX_DETAIL_TYPE, MAX_ENTRIES } from './limits';

/** Sources: EventBridge API reference, PutEventsRequestEntry. */
const RESOURCE = { least: 0, most: 2048 };
/** What `Time` counts for when it is given (EventBridge guide, "Calculating event entry size"). */
const TIME_BYTES = 14;

/** PutEvents: every entry is accepted or refused by itself; accepted ones are kept before the answer. */
export function putEvents(
  store: EventStore,
  router: Router,
  keys: BusKeys,
  forwarding: Forwarding,
  engine: Pick<Engine, 'clock' | 'ids' | 'log'>,
): Service<'events'>['operations'] {
  const accept = async (
    entry: PutEventsRequestEntry,
    context: RequestContext,
    unusable: (bus: StoredBus) => ReturnType<typeof refusedKey>,
  ): Promise<{ EventId: string }> => {
    const bus = anyBusAddress(entry.EventBusName, context);
    const event: BusEvent = forwarding.eventOf(context.caller) ?? {
      id: engine.ids.uuid(),
      detailType: entry.DetailType ?? '',
      source: entry.Source ?? '',
      account: context.accountId,
      time: entry.Time?.getTime() ?? engine.clock.now(),
      region: context.region,
      resources: entry.Resources ?? [],
      detail: minifyJson(entry.Detail ?? ''),
    };
    // AWS answers success for a bus that does not exist, or whose key can't be used: the event is lost. A rule is told of a
    // target that doesn't exist.
    const found = store.findBus(bus);
    if (!found && event.isForwarded) throw busNotFound(bus.name);
    const lost = found && (await unusable(found));
    if (lost)
      engine.log('error', 'event lost: the key of its bus refuses', { bus: bus.arn, eventId: event.id, ...lost });
    else if (found) router.route(bus, event);
    else engine.log('warn', 'event for a bus that does not exist', { bus: bus.arn, eventId: event.id });
    return { EventId: event.id };
  };

  /** Why events can't be encrypted, or undefined. A bus's own dead-letter queue, which AWS has for them, isn't run here. */
  const refusedKey = async (bus: StoredBus): Promise<{ reason: string } | undefined> => {
    try {
      await keys.open(bus.key, bus);
      return undefined;
    } catch (error) {
      if (error instanceof AwsError) return { reason: error.message };
      throw error;
    }
  };

  return {
    PutEvents: {
      requires: (input, context) =>
        putPermissions(store, input.Entries ?? [], context, forwarding.eventOf(context.caller) !== undefined),
      handle: async (input, context) => {
        if (input.EndpointId !== undefined) throw unsupported('events', 'PutEvents', 'global endpoints');
        const entries = input.Entries ?? [];
        checkCount(entries, 'entries', 1, MAX_ENTRIES);
        for (const [index, { Resources = [] }] of entries.entries()) {
          const member = `entries.${index + 1}.member.resources`;
          Resources.forEach((text, at) => checkText(text, `${member}.${at + 1}.member`, RESOURCE));
        }
        if (entries.reduce((sum, entry) => sum + entryBytes(entry), 0) > MAX_BYTES) {
          throw validation('Total size of the entries in the request is over the limit.');
        }
        for (const entry of entries) refuseOptions('events', 'PutEvents', entry, 'TraceHeader');
        const results: (Awaited<ReturnType<typeof accept>> | NonNullable<ReturnType<typeof refusal>>)[] = [];
        const unusable = oncePerBus(refusedKey);
        for (const entry of entries) {
          const refused = forwarding.eventOf(context.caller) ? undefined : refusal(entry, context.caller);
          results.push(refused ?? (await accept(entry, context, unusable)));
        }
        return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
      },
    },
  };
}

/** Remembers what was found out about a bus: the entries of one call are all under the key that the first was. */
function oncePerBus<Answer>(find: (bus: StoredBus) => Promise<Answer>): (bus: StoredBus) => Promise<Answer> {
  const known = new Map<string, Promise<Answer>>();
  return (bus) => {
    const answer = known.get(bus.arn) ?? find(bus);
    known.set(bus.arn, answer);
    return answer;
  };
}

/** One requirement per bus; its condition keys hold a value for each entry, as AWS documents for `events:source`. */
function putPermissions(
  store: EventStore,
  entries: readonly PutEventsRequestEntry[],
  context: RequestContext,
  isForwarded: boolean,
): Requirement[] {
  const byBus = new Map<string, { bus: BusAddress; entries: PutEventsRequestEntry[] }>();
  for (const [index, entry] of entries.entries()) {
    if (isOwnEvent(context.caller, entry)) continue;
    const bus = anyBusAddress(entry.EventBusName, context, `entries.${index + 1}.member.eventBusName`);
    const known = byBus.get(bus.arn);
    if (known) known.entries.push(entry);
    else byBus.set(bus.arn, { bus, entries: [entry] });
  }
  return [...byBus.values()].map(({ bus, entries: own }) => ({
    action: 'events:PutEvents',
    resource: bus.arn,
    resourcePolicy: store.findBus(bus)?.policy,
    conditions: {
      'events:source': own.map((entry) => entry.Source ?? ''),
      'events:detail-type': own.map((entry) => entry.DetailType ?? ''),
      // True only for what a rule sends to a bus of another account.
      'events:eventBusInvocation': String(isForwarded && bus.accountId !== context.caller.accountId),
    },
  }));
}

/** AWS's services put their own events on the default bus, under sources nobody else may use; no policy lets them. */
function isOwnEvent(
  { kind, service = '' }: Caller,
  { EventBusName: bus, Source: source }: PutEventsRequestEntry,
): boolean {
  return kind === 'service' && bus === undefined && source === `aws.${service.replace(/\.amazonaws\.com$/, '')}`;
}

function entryBytes(entry: PutEventsRequestEntry): number {
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), entry.Time ? TIME_BYTES : 0);
}

/** Why an entry by itself is refused, or undefined. Codes and messages are AWS's. */
function refusal(
  entry: PutEventsRequestEntry,
  caller: Caller,
): { ErrorCode: string; ErrorMessage: string } | undefined {
  for (const member of ['Source', 'DetailType', 'Detail'] as const) {
    if (!entry[member]) {
      return {
        ErrorCode: 'InvalidArgument',
        ErrorMessage: `Parameter ${member} is not valid. Reason: ${member} is a required argument.`,
      };
    }
  }
  if ((entry.DetailType ?? '').length > MAX_DETAIL_TYPE) {
    return {
      ErrorCode: 'InvalidArgument',
      ErrorMessage: `Parameter DetailType is not valid. Reason: DetailType has at most ${MAX_DETAIL_TYPE} characters.`,
    };
  }
  if (entry.Source?.startsWith('aws.') && !isOwnEvent(caller, entry)) {
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  }
  const detail = entry.Detail ?? '';
  if (jsonDepth(detail) > MAX_DEPTH || !isJsonObject(parseJson(detail))) {
    return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  }
  return undefined;
}
