import type { EventSourceMappingConfiguration } from '@aws-sdk/client-lambda';
import { formatArn, type StateStore, type Table } from '@outbox/local-cloud-kernel';
import type { Checkpoint, StreamSettings } from '@outbox/local-cloud-streams';
import { notFound } from '../errors';
import { SETTLING_MS } from '../describe';
import { functionArn } from '../names';
import type { StreamPositions } from './stream-runner';

/** A queue's or a stream's event source mapping. Plain JSON; times are epoch milliseconds. */
export interface MappingRecord {
  readonly uuid: string;
  readonly accountId: string;
  readonly region: string;
  readonly sourceArn: string;
  readonly functionName: string;
  readonly qualifier: string | undefined;
  readonly batchSize: number;
  readonly windowSeconds: number;
  readonly maximumConcurrency: number | undefined;
  /** Patterns of FilterCriteria; none lets everything pass. */
  readonly filters?: readonly string[];
  /** Of a stream's mapping alone. */
  readonly stream?: Omit<StreamSettings, 'batchSize' | 'windowSeconds'> & {
    /** The queue or topic that hears of records given up. */
    readonly onFailure?: string | undefined;
  };
  /** FunctionResponseTypes holds ReportBatchItemFailures. */
  readonly reportsFailures: boolean;
  /** Where the mapping is or is going. */
  readonly state: 'Enabled' | 'Disabled' | 'Deleting';
  /** What it is called until it has got there. */
  readonly transition: 'Creating' | 'Updating' | 'Enabling' | 'Disabling' | 'Deleting';
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** `OK` or `PROBLEM: …`; undefined until something was processed. */
  readonly lastResult: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** Every event source mapping of every account and region. */
export class Mappings {
  readonly #table: Table<MappingRecord>;
  readonly #positions: Table<Checkpoint>;
  /** Where those of streams stand in each shard. */
  readonly positions: StreamPositions;

  constructor(store: StateStore) {
    this.#table = store.table('lambda.mappings');
    this.#positions = store.table('lambda.mapping-positions');
    this.positions = {
      get: (uuid, shardId) => this.#positions.get(`${uuid} ${shardId}`) ?? {},
      set: (uuid, shardId, checkpoint) => this.#positions.set(`${uuid} ${shardId}`, checkpoint),
    };
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
    for (const key of [...this.#positions.keys()]) if (key.startsWith(`${uuid} `)) this.#positions.delete(key);
  }
}

/** A mapping as AWS describes it. */
export function describeMapping(record: MappingRecord, now: number): EventSourceMappingConfiguration {
  const settled = record.state !== 'Deleting' && now - record.modifiedAt >= SETTLING_MS;
  return {
    UUID: record.uuid,
    EventSourceMappingArn: formatArn('lambda', record.region, record.accountId, `event-source-mapping:${record.uuid}`),
    EventSourceArn: record.sourceArn,
    FunctionArn: functionArn({ ...record, name: record.functionName }, record.qualifier),
    BatchSize: record.batchSize,
    MaximumBatchingWindowInSeconds: record.windowSeconds,
    FunctionResponseTypes: record.reportsFailures ? ['ReportBatchItemFailures'] : [],
    ...(record.filters?.length ? { FilterCriteria: { Filters: record.filters.map((Pattern) => ({ Pattern })) } } : {}),
    ...(record.maximumConcurrency === undefined
      ? {}
      : { ScalingConfig: { MaximumConcurrency: record.maximumConcurrency } }),
    ...streamMembers(record),
    ...(record.lastResult === undefined ? {} : { LastProcessingResult: record.lastResult }),
    LastModified: new Date(record.modifiedAt),
    State: settled ? record.state : record.transition,
    StateTransitionReason: record.stream ? 'User action' : 'USER_INITIATED',
  };
}

/** As recorded on AWS by LocalStack's test_dynamodb_event_source_mapping. */
function streamMembers({ stream }: MappingRecord): Partial<EventSourceMappingConfiguration> {
  if (!stream) return {};
  return {
    StartingPosition: stream.startingPosition,
    BisectBatchOnFunctionError: stream.bisect,
    DestinationConfig: { OnFailure: stream.onFailure ? { Destination: stream.onFailure } : {} },
    LastProcessingResult: 'No records processed',
    MaximumRecordAgeInSeconds: stream.maximumRecordAgeSeconds,
    MaximumRetryAttempts: stream.maximumRetryAttempts,
    ParallelizationFactor: stream.parallelizationFactor,
    TumblingWindowInSeconds: 0,
  };
}
