import { formatArn, type Engine, type RequestContext, type Service } from '@outbox/local-cloud-kernel';
import { checkText } from '../shared/constraints';
import { alreadyExists, illegalStatus, invalidParameter, limitExceeded, resourceNotFound } from './errors';
import type { EventStore } from './event-store';
import { pageOf } from '../shared/page';
import { checkFilters } from './filters';
import { busAddress, checkName } from './names';
import { isActive, type Replay, type Replayer } from './replayer';
import { MAX_ACTIVE } from './limits';

/** StartReplay and its siblings: archived events go through their bus again, marked with `replay-name`. */
export function replayOperations(
  store: EventStore,
  replayer: Replayer,
  engine: Pick<Engine, 'clock'>,
): Service<'events'>['operations'] {
  const arnOf = (name: string | undefined, { region, accountId }: RequestContext): string =>
    formatArn('events', region, accountId, `replay/${name ?? ''}`);
  const find = (name: string | undefined, context: RequestContext): Replay => {
    const replay = replayer.replays.get(arnOf(name, context));
    if (!replay) throw resourceNotFound(`Replay ${name ?? ''} does not exist.`);
    return replay;
  };
  const ownOf = ({ accountId, region }: RequestContext): Replay[] =>
    [...replayer.replays.values()].filter((replay) => replay.accountId === accountId && replay.region === region);

  return {
    StartReplay: {
      requires: (input, context) => [
        { action: 'events:StartReplay', resource: arnOf(input.ReplayName, context) },
        { action: 'events:StartReplay', resource: input.EventSourceArn ?? '' },
      ],
      handle: (input, context) => {
        const name = checkName(input.ReplayName, 'replayName', 64);
        checkText(input.Description, 'description', { least: 0, most: 512 });
        const arn = arnOf(name, context);
        if (replayer.replays.has(arn)) throw alreadyExists(`Replay ${name}`);
        if (!/^arn:[\w-]+:events:[\w-]+:\d{12}:archive\/.+$/.test(input.EventSourceArn ?? '')) {
          throw invalidParameter('EventSourceArn', 'Must contain an archive ARN.');
        }
        if (!/^arn:[\w-]+:events:[\w-]+:\d{12}:event-bus\/.+$/.test(input.Destination?.Arn ?? '')) {
          throw invalidParameter('Destination.Arn', 'Must contain an event bus ARN.');
        }
        const archive = store.archives.get(input.EventSourceArn ?? '');
        if (!archive) {
          throw invalidParameter(
            'EventSourceArn',
            `Archive ${input.EventSourceArn?.split('/').at(-1) ?? ''} does not exist.`,
          );
        }
        const bus = store.bus(busAddress(input.Destination?.Arn, context, 'destination.arn'));
        if (bus.arn !== archive.busArn) {
          throw invalidParameter('Destination.Arn', 'Cross event bus replay is not permitted.');
        }
        const from = input.EventStartTime?.getTime() ?? NaN;
        const to = input.EventEndTime?.getTime() ?? NaN;
        if (!(from < to)) {
          throw invalidParameter('EventEndTime', 'EventStartTime must be before EventEndTime.');
        }
        if (ownOf(context).filter(isActive).length >= MAX_ACTIVE) throw limitExceeded();
        const filter = input.Destination?.FilterArns;
        const replay: Replay = {
          arn,
          name,
          accountId: context.accountId,
          region: context.region,
          description: input.Description,
          archiveArn: archive.arn,
          busArn: archive.busArn,
          ruleArns: filter?.length ? filter : undefined,
          from,
          to,
          startedAt: engine.clock.now(),
          state: 'STARTING',
        };
        replayer.begin(replay);
        return { ReplayArn: arn, State: 'STARTING', ReplayStartTime: new Date(replay.startedAt) };
      },
    },
    DescribeReplay: {
      requires: (input, context) => [{ action: 'events:DescribeReplay', resource: arnOf(input.ReplayName, context) }],
      handle: (input, context) => {
        const replay = find(input.ReplayName, context);
        return {
          ...shown(replay),
          ReplayArn: replay.arn,
          Description: replay.description,
          Destination: { Arn: replay.busArn, FilterArns: replay.ruleArns ? [...replay.ruleArns] : undefined },
        };
      },
    },
    ListReplays: {
      requires: () => [{ action: 'events:ListReplays', resource: '*' }],
      handle: (input, context) => {
        checkFilters(input, 'ListReplays');
        const replays = ownOf(context).filter(
          (replay) =>
            replay.name.startsWith(input.NamePrefix ?? '') &&
            (input.State === undefined || replay.state === input.State) &&
            (input.EventSourceArn === undefined || replay.archiveArn === input.EventSourceArn),
        );
        const page = pageOf(replays, (replay) => replay.name, 'limit', input.Limit, input.NextToken);
        return { Replays: page.items.map(shown), NextToken: page.next };
      },
    },
    CancelReplay: {
      requires: (input, context) => [{ action: 'events:CancelReplay', resource: arnOf(input.ReplayName, context) }],
      handle: (input, context) => {
        const replay = find(input.ReplayName, context);
        if (replay.state !== 'STARTING' && replay.state !== 'RUNNING') {
          throw illegalStatus(`Replay ${replay.name} is not in a valid state for this operation.`);
        }
        replayer.cancel(replay);
        return { ReplayArn: replay.arn, State: 'CANCELLING' };
      },
    },
  };
}

function shown(replay: Replay) {
  return {
    ReplayName: replay.name,
    EventSourceArn: replay.archiveArn,
    State: replay.state,
    StateReason: replay.reason,
    EventStartTime: new Date(replay.from),
    EventEndTime: new Date(replay.to),
    EventLastReplayedTime: replay.lastReplayed === undefined ? undefined : new Date(replay.lastReplayed),
    ReplayStartTime: new Date(replay.startedAt),
    ReplayEndTime: replay.endedAt === undefined ? undefined : new Date(replay.endedAt),
  };
}
