import type { Engine, RequestContext } from '@outbox/local-cloud-kernel';
import { tableName } from '../proxy/arns';
import { objectAt, textAt, type Json } from '../proxy/json';
import type { JsonOperations } from '../proxy/operation';
import { tableIsMissing, tableNotFound, validation } from './errors';
import type { Requirements } from './requirements';
import type { TableRecord, TableRecords } from './table-records';

/** Days AWS keeps for point-in-time recovery unless told. */
const RECOVERY_DAYS = 35;
/** The newest point that can be restored lies this far back. Source: developer guide, "Point-in-time recovery". */
const RECOVERY_LAG_MS = 5 * 60_000;
const DAY_MS = 86_400_000;

/** How long items live and how far back a table can be restored; restoring itself is refused by name. */
export function retentionOperations(
  engine: Pick<Engine, 'clock'>,
  needs: Requirements,
  records: TableRecords,
  ttlChanged: (record: TableRecord) => void,
): JsonOperations {
  const find = (body: Json, context: RequestContext, missing = tableNotFound): TableRecord => {
    const name = tableName(textAt(body, 'TableName'), context);
    const record = records.get(context, name);
    if (!record) throw missing(name);
    return record;
  };
  return {
    UpdateTimeToLive: {
      requires: needs.onTable,
      run: async (body, context) => {
        const record = find(body, context);
        const wanted = objectAt(body, 'TimeToLiveSpecification');
        const attribute = textAt(wanted, 'AttributeName');
        const enabled = wanted['Enabled'] === true;
        if (!attribute) throw validation('TimeToLiveSpecification.AttributeName must not be empty');
        if (enabled && record.ttlAttribute !== undefined) throw validation('TimeToLive is already enabled');
        if (!enabled && record.ttlAttribute === undefined) throw validation('TimeToLive is already disabled');
        if (!enabled && record.ttlAttribute !== attribute) {
          throw validation('TimeToLive is active on a different AttributeName');
        }
        const next = { ...record, ttlAttribute: enabled ? attribute : undefined };
        records.put(next);
        ttlChanged(next);
        return { TimeToLiveSpecification: { AttributeName: attribute, Enabled: enabled } };
      },
    },
    DescribeTimeToLive: {
      requires: needs.onTable,
      run: async (body, context) => {
        const { ttlAttribute } = find(body, context);
        return {
          TimeToLiveDescription: ttlAttribute
            ? { TimeToLiveStatus: 'ENABLED', AttributeName: ttlAttribute }
            : { TimeToLiveStatus: 'DISABLED' },
        };
      },
    },
    UpdateContinuousBackups: {
      requires: needs.onTable,
      run: async (body, context) => {
        const record = find(body, context, tableIsMissing);
        const wanted = objectAt(body, 'PointInTimeRecoverySpecification');
        const days = Number(wanted['RecoveryPeriodInDays'] ?? record.recovery?.days ?? RECOVERY_DAYS);
        if (!Number.isInteger(days) || days < 1 || days > RECOVERY_DAYS) {
          throw validation(`RecoveryPeriodInDays must be between 1 and ${RECOVERY_DAYS}`);
        }
        const since = record.recovery?.since ?? engine.clock.now();
        const next = {
          ...record,
          recovery: wanted['PointInTimeRecoveryEnabled'] === true ? { since, days } : undefined,
        };
        records.put(next);
        return { ContinuousBackupsDescription: describeBackups(next, engine.clock.now()) };
      },
    },
    DescribeContinuousBackups: {
      requires: needs.onTable,
      run: async (body, context) => ({
        ContinuousBackupsDescription: describeBackups(find(body, context, tableIsMissing), engine.clock.now()),
      }),
    },
  };
}

function describeBackups({ recovery }: TableRecord, now: number): Json {
  return {
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription: recovery
      ? {
          PointInTimeRecoveryStatus: 'ENABLED',
          RecoveryPeriodInDays: recovery.days,
          EarliestRestorableDateTime: seconds(Math.max(recovery.since, now - recovery.days * DAY_MS)),
          LatestRestorableDateTime: seconds(Math.max(recovery.since, now - RECOVERY_LAG_MS)),
        }
      : { PointInTimeRecoveryStatus: 'DISABLED' },
  };
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}
