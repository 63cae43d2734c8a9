import type { Engine, RequestContext, Requirement } from '@outbox/local-cloud-kernel';
import { checkText } from './constraints';
import { alreadyExists, invalidParameter } from './errors';
import type { EventFiles } from './event-files';
import { withGroupName } from './group-name';
import type { LogsOperations } from './group-operations';
import type { LogStore } from './log-store';
import { streamArn, type LogStreamRecord } from './model';
import { page } from './page';
import type { ResourcePolicies } from './resource-policies';

interface StreamInput {
  readonly logGroupName?: string | undefined;
  readonly logStreamName?: string | undefined;
}

/** `action` on the stream the input names, which a resource policy may grant to a service. */
export function onStream(policies: ResourcePolicies, action: string) {
  return (input: StreamInput, context: RequestContext): readonly Requirement[] => [
    {
      action: `logs:${action}`,
      resource: streamArn(context, input.logGroupName ?? '', input.logStreamName),
      resourcePolicy: policies.textFor(context),
    },
  ];
}

/** Log streams: made, listed, deleted. */
export function streamOperations(
  engine: Pick<Engine, 'clock' | 'ids'>,
  store: LogStore,
  files: EventFiles,
  policies: ResourcePolicies,
): LogsOperations {
  return {
    CreateLogStream: {
      requires: onStream(policies, 'CreateLogStream'),
      handle: (input, context) => {
        const group = store.group(context, input.logGroupName);
        const name = input.logStreamName ?? '';
        checkText(name, 'logStreamName', { most: 512, pattern: '[^:*]*' });
        if (store.findStream(context, group.name, name)) throw alreadyExists('stream');
        store.putStream({
          accountId: context.accountId,
          region: context.region,
          group: group.name,
          name,
          id: engine.ids.uuid(),
          createdAt: engine.clock.now(),
          firstEventAt: undefined,
          lastEventAt: undefined,
          lastIngestionAt: undefined,
          storedBytes: 0,
        });
        return {};
      },
    },
    DescribeLogStreams: {
      requires: (input, context) => [
        { action: 'logs:DescribeLogStreams', resource: streamArn(context, withGroupName(input, context).logGroupName) },
      ],
      handle: (given, context) => {
        const input = withGroupName(given, context);
        const byTime = input.orderBy === 'LastEventTime';
        if (byTime && input.logStreamNamePrefix) {
          throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
        }
        const found = store
          .streams(store.group(context, input.logGroupName))
          .filter(({ name }) => name.startsWith(input.logStreamNamePrefix ?? ''));
        if (byTime) found.sort((a, b) => (a.lastEventAt ?? 0) - (b.lastEventAt ?? 0));
        if (input.descending) found.reverse();
        const { items, nextToken } = page(found, input, 50);
        return { logStreams: items.map(describe), nextToken };
      },
    },
    DeleteLogStream: {
      requires: onStream(policies, 'DeleteLogStream'),
      handle: (input, context) => {
        const stream = store.stream(context, input.logGroupName, input.logStreamName);
        files.remove(stream.id);
        store.deleteStream(stream);
        return {};
      },
    },
  };
}

function describe(stream: LogStreamRecord) {
  return {
    logStreamName: stream.name,
    creationTime: stream.createdAt,
    firstEventTimestamp: stream.firstEventAt,
    lastEventTimestamp: stream.lastEventAt,
    lastIngestionTime: stream.lastIngestionAt,
    arn: streamArn(stream, stream.group, stream.name),
    // Always zero, whatever the stream holds. Source: API reference, LogStream, storedBytes.
    storedBytes: 0,
  };
}
