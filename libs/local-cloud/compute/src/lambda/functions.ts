import { own, type Ids, type StateStore, type Table } from '@outbox/local-cloud-kernel';
import { functionNotFound } from './errors';
import type { FunctionRecord, VersionRecord } from './model';
import { functionArn, functionKey, type FunctionName } from './names';

/** A qualifier made concrete: the version that runs, and the function it belongs to. */
export interface Resolved {
  readonly record: FunctionRecord;
  readonly version: VersionRecord;
}

/** Every function of every account and region. */
export class Functions {
  readonly #table: Table<FunctionRecord>;

  constructor(
    store: StateStore,
    private readonly ids: Ids,
  ) {
    this.#table = store.table('lambda.functions');
  }

  find(at: FunctionName): FunctionRecord | undefined {
    return this.#table.get(functionKey(at));
  }

  /** @throws AwsError `ResourceNotFoundException` naming the ARN as it was asked for. */
  get(at: FunctionName): FunctionRecord {
    const record = this.find(at);
    if (!record) throw functionNotFound(functionArn(at, at.qualifier));
    return record;
  }

  /**
   * The version behind the name's qualifier; an alias with weights picks one at random.
   * @throws AwsError `ResourceNotFoundException` when function, version or alias is unknown.
   */
  resolve(at: FunctionName): Resolved {
    const record = this.get(at);
    const version = this.#version(record, at.qualifier ?? '$LATEST');
    if (!version) throw functionNotFound(functionArn(at, at.qualifier));
    return { record, version };
  }

  list(accountId: string, region: string): FunctionRecord[] {
    return [...this.#table.values()]
      .filter((record) => record.accountId === accountId && record.region === region)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  all(): Iterable<FunctionRecord> {
    return this.#table.values();
  }

  save(record: FunctionRecord): FunctionRecord {
    this.#table.set(functionKey(record), record);
    return record;
  }

  delete(record: FunctionRecord): void {
    this.#table.delete(functionKey(record));
  }

  #version(record: FunctionRecord, qualifier: string): VersionRecord | undefined {
    const alias = own(record.aliases, qualifier);
    const wanted = alias ? pick(alias.version, alias.weights, this.ids.random()) : qualifier;
    if (wanted === '$LATEST') return record.latest;
    return record.versions.find((version) => version.version === wanted);
  }
}

/** `at` in [0, 1) falls into one additional version's share, or else into the alias's main version. */
function pick(main: string, weights: Readonly<Record<string, number>>, at: number): string {
  let below = 0;
  for (const [version, weight] of Object.entries(weights)) {
    below += weight;
    if (at < below) return version;
  }
  return main;
}
