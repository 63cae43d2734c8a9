import type { CreateArchiveRequest, UpdateArchiveRequest } from '@aws-sdk/client-eventbridge';
import { formatArn, type Engine, type RequestContext, type Service } from '@outbox/local-cloud-kernel';
import type { BusKeys } from './bus-keys';
import { checkNumber, checkText } from '../shared/constraints';
import { alreadyExists, resourceNotFound, validation } from './errors';
import { envelopeText } from './event';
import type { EventStore, StoredArchive } from './event-store';
import { pageOf } from '../shared/page';
import { checkFilters } from './filters';
import { busAddress, checkName } from './names';

/** Sources: EventBridge API reference, CreateArchive and ListArchives. */
const SOURCE_ARN = {
  most: 1600,
  pattern: '^arn:aws([a-z]|\\-)*:events:([a-z]|\\d|\\-)*:([0-9]{12})?:.+\\/.+$',
};

/** Archives: every event of a bus, or those that match a pattern, kept for replay. */
export function archiveOperations(
  store: EventStore,
  keys: BusKeys,
  engine: Pick<Engine, 'clock'>,
): Service<'events'>['operations'] {
  const arnOf = (name: string | undefined, { region, accountId }: RequestContext): string =>
    formatArn('events', region, accountId, `archive/${name ?? ''}`);
  const find = (name: string | undefined, context: RequestContext): StoredArchive => {
    const archive = store.archives.get(arnOf(name, context));
    if (!archive) throw resourceNotFound(`Archive ${name ?? ''} does not exist.`);
    return archive;
  };
  const shown = (archive: StoredArchive) => {
    let bytes = 0;
    let count = 0;
    for (const { event } of store.archived(archive).values()) {
      bytes += Buffer.byteLength(envelopeText(event));
      count += 1;
    }
    return {
      ArchiveName: archive.name,
      EventSourceArn: archive.busArn,
      State: 'ENABLED' as const,
      RetentionDays: archive.retentionDays,
      SizeBytes: bytes,
      EventCount: count,
      CreationTime: new Date(archive.createdAt),
    };
  };
  const changed = (archive: StoredArchive) => ({
    ArchiveArn: archive.arn,
    State: 'ENABLED' as const,
    CreationTime: new Date(archive.createdAt),
  });

  return {
    CreateArchive: {
      requires: (input, context) => [
        { action: 'events:CreateArchive', resource: arnOf(input.ArchiveName, context) },
        { action: 'events:CreateArchive', resource: input.EventSourceArn ?? '' },
      ],
      handle: async (input, context) => {
        const name = checkName(input.ArchiveName, 'archiveName', 48);
        const arn = arnOf(name, context);
        if (store.archives.has(arn)) throw alreadyExists(`Archive ${name}`);
        checkText(input.EventSourceArn, 'eventSourceArn', SOURCE_ARN);
        checkSettings(input);
        const bus = store.bus(busAddress(input.EventSourceArn, context, 'eventSourceArn'));
        if (input.EventPattern) store.pattern(input.EventPattern);
        const archive: StoredArchive = {
          arn,
          name,
          accountId: context.accountId,
          region: context.region,
          busArn: bus.arn,
          description: input.Description,
          pattern: input.EventPattern || undefined,
          retentionDays: input.RetentionDays ?? 0,
          key: await keys.changed(input.KmsKeyIdentifier || undefined, bus, undefined, arn),
          createdAt: engine.clock.now(),
        };
        store.archives.set(arn, archive);
        return changed(archive);
      },
    },
    DescribeArchive: {
      requires: (input, context) => [{ action: 'events:DescribeArchive', resource: arnOf(input.ArchiveName, context) }],
      handle: (input, context) => {
        const archive = find(input.ArchiveName, context);
        return {
          ...shown(archive),
          ArchiveArn: archive.arn,
          Description: archive.description,
          EventPattern: archive.pattern,
          KmsKeyIdentifier: archive.key?.identifier,
        };
      },
    },
    UpdateArchive: {
      requires: (input, context) => [{ action: 'events:UpdateArchive', resource: arnOf(input.ArchiveName, context) }],
      handle: async (input, context) => {
        if ((input.Description ?? input.EventPattern ?? input.RetentionDays ?? input.KmsKeyIdentifier) === undefined) {
          throw validation('At least one of EventPattern, RetentionDays or Description must be provided.');
        }
        const archive = find(input.ArchiveName, context);
        checkSettings(input);
        if (input.EventPattern) store.pattern(input.EventPattern);
        store.archives.set(archive.arn, {
          ...archive,
          description: input.Description ?? archive.description,
          pattern: (input.EventPattern ?? archive.pattern) || undefined,
          retentionDays: input.RetentionDays ?? archive.retentionDays,
          key: await keys.changed(
            input.KmsKeyIdentifier,
            busAddress(archive.busArn, context),
            archive.key,
            archive.arn,
          ),
        });
        return changed(archive);
      },
    },
    DeleteArchive: {
      requires: (input, context) => [{ action: 'events:DeleteArchive', resource: arnOf(input.ArchiveName, context) }],
      handle: (input, context) => {
        const archive = find(input.ArchiveName, context);
        const events = store.archived(archive);
        for (const key of [...events.keys()]) events.delete(key);
        store.archives.delete(archive.arn);
        return {};
      },
    },
    ListArchives: {
      requires: () => [{ action: 'events:ListArchives', resource: '*' }],
      handle: (input, context) => {
        const { accountId, region } = context;
        checkFilters(input, 'ListArchives');
        if (input.EventSourceArn !== undefined) store.bus(busAddress(input.EventSourceArn, context, 'eventSourceArn'));
        const archives = [...store.archives.values()].filter(
          (archive) =>
            archive.accountId === accountId &&
            archive.region === region &&
            archive.name.startsWith(input.NamePrefix ?? '') &&
            (input.EventSourceArn === undefined || archive.busArn === input.EventSourceArn) &&
            (input.State === undefined || input.State === 'ENABLED'),
        );
        const page = pageOf(archives, (archive) => archive.name, 'limit', input.Limit, input.NextToken);
        return { Archives: page.items.map(shown), NextToken: page.next };
      },
    },
  };
}

/** @throws AwsError ValidationException */
function checkSettings({
  Description,
  EventPattern,
  RetentionDays,
}: UpdateArchiveRequest | CreateArchiveRequest): void {
  checkText(Description, 'description', { least: 0, most: 512 });
  checkText(EventPattern, 'eventPattern', { least: 0, most: 4096 });
  checkNumber(RetentionDays, 'retentionDays', 0);
}
