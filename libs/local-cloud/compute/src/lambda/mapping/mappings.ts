import type { EventSourceMappingConfiguration } from '@aws-sdk/client-lambda';
import { formatArn, type StateStore, type Table } from '@outbox/local-cloud-kernel';
import { notFound } from '../errors';
import { SETTLING_MS } from '../describe';
import { functionArn } from '../names';

/** An SQS queue's event source mapping. Plain JSON; times are epoch milliseconds. */
export interface MappingRecord {
  readonly uuid: string;
  readonly accountId: string;
  readonly region: string;
  readonly queueArn: string;
  readonly functionName: string;
  readonly qualifier: string | undefined;
  readonly batchSize: number;
  readonly windowSeconds: number;
  readonly maximumConcurrency: number | undefined;
  /** Patterns of FilterCriteria; none lets everything pass. */
  readonly filters?: readonly string[];
  /** FunctionResponseTypes holds ReportBatchItemFailures. */
  readonly reportsFailures: boolean;
  /** Where the mapping is or is going. */
  readonly state: 'Enabled' | 'Disabled' | 'Deleting';
  /** What it is called until it has got there. */
  readonly transition: 'Creating' | 'Updating' | 'Enabling' | 'Disabling' | 'Deleting';
  readonly modifiedAt: number;
  /** `OK` or `PROBLEM: …`; undefined until something was processed. */
  readonly lastResult: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** Every event source mapping of every account and region. */
export class Mappings {
  readonly #table: Table<MappingRecord>;

  constructor(store: StateStore) {
    this.#table = store.table('lambda.mappings');
  }

  /** @throws AwsError `ResourceNotFoundException`; another account's mapping is not found either. */
  get(uuid: string | undefined, home: { accountId: string; region: string }): MappingRecord {
    const record = this.#table.get(uuid ?? '');
    if (!record || record.accountId !== home.accountId || record.region !== home.region) {
      throw notFound('The resource you requested does not exist.');
    }
    return record;
  }

  find(uuid: string): MappingRecord | undefined {
    return this.#table.get(uuid);
  }

  all(): MappingRecord[] {
    return [...this.#table.values()];
  }

  save(record: MappingRecord): MappingRecord {
    this.#table.set(record.uuid, record);
    return record;
  }

  delete(uuid: string): void {
    this.#table.delete(uuid);
  }
}

/** A mapping as AWS describes it. */
export function describeMapping(record: MappingRecord, now: number): EventSourceMappingConfiguration {
  const settled = record.state !== 'Deleting' && now - record.modifiedAt >= SETTLING_MS;
  return {
    UUID: record.uuid,
    EventSourceMappingArn: formatArn('lambda', record.region, record.accountId, `event-source-mapping:${record.uuid}`),
    EventSourceArn: record.queueArn,
    FunctionArn: functionArn({ ...record, name: record.functionName }, record.qualifier),
    BatchSize: record.batchSize,
    MaximumBatchingWindowInSeconds: record.windowSeconds,
    FunctionResponseTypes: record.reportsFailures ? ['ReportBatchItemFailures'] : [],
    ...(record.filters?.length ? { FilterCriteria: { Filters: record.filters.map((Pattern) => ({ Pattern })) } } : {}),
    ...(record.maximumConcurrency === undefined
      ? {}
      : { ScalingConfig: { MaximumConcurrency: record.maximumConcurrency } }),
    ...(record.lastResult === undefined ? {} : { LastProcessingResult: record.lastResult }),
    LastModified: new Date(record.modifiedAt),
    State: settled ? record.state : record.transition,
    StateTransitionReason: 'USER_INITIATED',
  };
}
