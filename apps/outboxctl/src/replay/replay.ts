import {
  CancelReplayCommand,
  DescribeReplayCommand,
  ListReplaysCommand,
  StartReplayCommand,
  type EventBridgeClient,
  type Replay as ListedReplay,
} from '@aws-sdk/client-eventbridge';
import { NotFoundError } from '@outbox/cli-kit';
import type { Stack } from '../stack';
import { archiveOf, ifFound, ruleArnsOf, type ReplayClients } from './archive';

/** A replay as EventBridge tells of it; times ISO-8601. */
export interface Replay {
  readonly name: string;
  readonly state: string;
  readonly reason?: string;
  readonly from: string;
  readonly to: string;
  /** Time of the last event that went out again. */
  readonly lastReplayed?: string;
  readonly startedAt?: string;
  readonly endedAt?: string;
}

export interface ReplayRequest {
  readonly name: string;
  /** Epoch milliseconds, the end exclusive; the time that events came to the bus. */
  readonly from: number;
  readonly to: number;
  /** Names of consumers; no other rule gets anything. */
  readonly consumers: readonly string[];
}

/** Sends what the archive holds of a time to the rules of some consumers again. */
export async function startReplay(
  clients: ReplayClients,
  stack: Stack,
  { name, from, to, consumers }: ReplayRequest,
): Promise<void> {
  const archive = await archiveOf(clients.eventbridge, stack);
  const rules = await Promise.all(
    Object.entries(stack.consumers)
      .filter(([consumer]) => consumers.includes(consumer))
      .map(([consumer, output]) => ruleArnsOf(clients, stack.event_bus_name, consumer, output)),
  );
  await clients.eventbridge.send(
    new StartReplayCommand({
      ReplayName: name,
      Description: `outboxctl replay to ${consumers.join(', ')}`.slice(0, 512),
      EventSourceArn: archive.arn,
      EventStartTime: new Date(from),
      EventEndTime: new Date(to),
      Destination: { Arn: archive.busArn, FilterArns: rules.flat() },
    }),
  );
}

/** @throws NotFoundError when there is no such replay of this stack's archive */
export async function readReplay(eventbridge: EventBridgeClient, stack: Stack, name: string): Promise<Replay> {
  const [archive, replay] = await Promise.all([
    archiveOf(eventbridge, stack),
    ifFound(eventbridge.send(new DescribeReplayCommand({ ReplayName: name }))),
  ]);
  if (replay?.EventSourceArn !== archive.arn) throw new NotFoundError(`no replay ${name} of ${stack.archive_name}`);
  return shown(replay);
}

/** The replays of the stack's archive that EventBridge still knows, the newest first; it forgets them after 90 days. */
export async function listReplays(eventbridge: EventBridgeClient, stack: Stack): Promise<Replay[]> {
  const { arn: EventSourceArn } = await archiveOf(eventbridge, stack);
  const replays: Replay[] = [];
  let NextToken: string | undefined;
  do {
    const page = await eventbridge.send(
      new ListReplaysCommand({ EventSourceArn, ...(NextToken === undefined ? {} : { NextToken }) }),
    );
    replays.push(...(page.Replays ?? []).map(shown));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return replays.sort((a, b) => (b.startedAt ?? '').localeCompare(a.startedAt ?? ''));
}

/** Stops a replay; what it has sent stays sent. @throws NotFoundError as `readReplay` */
export async function cancelReplay(eventbridge: EventBridgeClient, stack: Stack, name: string): Promise<string> {
  await readReplay(eventbridge, stack, name);
  const { State = 'CANCELLING' } = await eventbridge.send(new CancelReplayCommand({ ReplayName: name }));
  return State;
}

/** Whether a replay is over, one way or the other. */
export function isOver({ state }: Pick<Replay, 'state'>): boolean {
  return state === 'COMPLETED' || state === 'FAILED' || state === 'CANCELLED';
}

function shown(replay: ListedReplay): Replay {
  const { ReplayName = '', State = 'UNKNOWN', StateReason, EventStartTime, EventEndTime } = replay;
  return {
    name: ReplayName,
    state: State,
    from: EventStartTime?.toISOString() ?? '',
    to: EventEndTime?.toISOString() ?? '',
    ...(StateReason === undefined ? {} : { reason: StateReason }),
    ...time('lastReplayed', replay.EventLastReplayedTime),
    ...time('startedAt', replay.ReplayStartTime),
    ...time('endedAt', replay.ReplayEndTime),
  };
}

function time<N extends string>(name: N, at: Date | undefined): Partial<Record<N, string>> {
  return at === undefined ? {} : ({ [name]: at.toISOString() } as Record<N, string>);
}
