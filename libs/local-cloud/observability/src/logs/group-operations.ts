import {
  refuseOptions,
  unsupported,
  type Engine,
  type RequestContext,
  type Requirement,
  type Service,
} from '@outbox/local-cloud-kernel';
import { checkOneOf, checkText } from './constraints';
import { alreadyExists, invalidParameter } from './errors';
import type { EventFiles } from './event-files';
import type { GroupKeys } from './group-keys';
import { withGroupName } from './group-name';
import type { LogStore } from './log-store';
import type { MetricFilters } from './metric-filters';
import { groupArn, streamArn, type LogGroupRecord } from './model';
import { page } from './page';

export type LogsOperations = Service<'logs'>['operations'];

/** Source: CloudWatch Logs API reference, PutRetentionPolicy. */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
].map(String);

/** `action` on the group the input names, as IAM sees it: with an empty stream. */
export function onGroup(action: string) {
  return (input: { logGroupName?: string | undefined }, context: RequestContext): readonly Requirement[] => [
    { action: `logs:${action}`, resource: streamArn(context, input.logGroupName ?? '') },
  ];
}

/** Log groups: made, listed, their retention, deleted. */
export function groupOperations(
  engine: Pick<Engine, 'clock'>,
  store: LogStore,
  files: EventFiles,
  keys: GroupKeys,
  filters: Pick<MetricFilters, 'count' | 'forget'>,
): LogsOperations {
  return {
    CreateLogGroup: {
      requires: (input, context) => [
        ...onGroup('CreateLogGroup')(input, context),
        ...(Object.keys(input.tags ?? {}).length > 0 ? onGroup('TagResource')(input, context) : []),
      ],
      handle: async (input, context) => {
        if (input.deletionProtectionEnabled) throw unsupported('logs', 'CreateLogGroup', 'deletionProtectionEnabled');
        const name = input.logGroupName ?? '';
        checkText(name, 'logGroupName', { most: 512, pattern: '[\\.\\-_/#A-Za-z0-9]+' });
        if (name.startsWith('aws/')) throw invalidParameter("Log group names can't start with the string aws/");
        if (store.findGroup(context, name)) throw alreadyExists('group');
        const logClass = input.logGroupClass ?? 'STANDARD';
        if (logClass !== 'STANDARD' && logClass !== 'INFREQUENT_ACCESS') {
          throw unsupported('logs', 'CreateLogGroup', `logGroupClass ${logClass}`);
        }
        if (input.kmsKeyId) await keys.check(input.kmsKeyId, name, context);
        store.putGroup({
          accountId: context.accountId,
          region: context.region,
          name,
          ...(input.kmsKeyId ? { kmsKeyId: input.kmsKeyId } : {}),
          createdAt: engine.clock.now(),
          retentionDays: undefined,
          logClass,
          tags: input.tags ?? {},
        });
        return {};
      },
    },
    DescribeLogGroups: {
      requires: (_, context) => [{ action: 'logs:DescribeLogGroups', resource: streamArn(context, '') }],
      handle: (input, context) => {
        refuseOptions('logs', 'DescribeLogGroups', input, 'accountIdentifiers', 'includeLinkedAccounts');
        const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern } = input;
        if (prefix && pattern) {
          throw invalidParameter('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.');
        }
        const wanted = input.logGroupIdentifiers?.map(
          (logGroupIdentifier) => withGroupName({ logGroupIdentifier }, context).logGroupName,
        );
        const found = store
          .groups(context)
          .filter(({ name }) => wanted?.includes(name) ?? true)
          .filter(({ name }) => name.startsWith(prefix ?? '') && name.includes(pattern ?? ''))
          .filter(({ logClass }) => !input.logGroupClass || logClass === input.logGroupClass);
        const { items, nextToken } = page(found, input, 50);
        return { logGroups: items.map((group) => describe(store, group, filters.count(group))), nextToken };
      },
    },
    PutRetentionPolicy: {
      requires: onGroup('PutRetentionPolicy'),
      handle: (input, context) => {
        const days = input.retentionInDays ?? 0;
        checkOneOf(String(days), 'retentionInDays', RETENTION_DAYS);
        store.putGroup({ ...store.group(context, input.logGroupName), retentionDays: days });
        return {};
      },
    },
    DeleteRetentionPolicy: {
      requires: onGroup('DeleteRetentionPolicy'),
      handle: (input, context) => {
        store.putGroup({ ...store.group(context, input.logGroupName), retentionDays: undefined });
        return {};
      },
    },
    DeleteLogGroup: {
      requires: onGroup('DeleteLogGroup'),
      handle: (input, context) => {
        const group = store.group(context, input.logGroupName);
        for (const stream of store.streams(group)) {
          files.remove(stream.id);
          store.deleteStream(stream);
        }
        filters.forget(group);
        store.deleteGroup(group);
        return {};
      },
    },
  };
}

function describe(store: LogStore, group: LogGroupRecord, metricFilterCount: number) {
  const arn = groupArn(group, group.name);
  return {
    logGroupName: group.name,
    creationTime: group.createdAt,
    retentionInDays: group.retentionDays,
    metricFilterCount,
    arn: `${arn}:*`,
    logGroupArn: arn,
    logGroupClass: group.logClass,
    kmsKeyId: group.kmsKeyId,
    storedBytes: store.streams(group).reduce((sum, stream) => sum + stream.storedBytes, 0),
  };
}
