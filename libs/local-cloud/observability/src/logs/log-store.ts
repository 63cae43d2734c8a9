import type { Engine, Table } from '@outbox/local-cloud-kernel';
import { notFound } from './errors';
import type { LogGroupRecord, LogStreamRecord, Place } from './model';

/** Log groups and streams; what was logged is in files (`EventFiles`). */
export class LogStore {
  readonly #groups: Table<LogGroupRecord>;
  readonly #streams: Table<LogStreamRecord>;

  constructor(engine: Pick<Engine, 'store'>) {
    this.#groups = engine.store.table('logs.groups');
    this.#streams = engine.store.table('logs.streams');
  }

  findGroup(place: Place, name: string | undefined): LogGroupRecord | undefined {
    return this.#groups.get(keyOf(place, name ?? ''));
  }

  /** @throws AwsError ResourceNotFoundException */
  group(place: Place, name: string | undefined): LogGroupRecord {
    const group = this.findGroup(place, name);
    if (!group) throw notFound('group');
    return group;
  }

  groups(place: Place): LogGroupRecord[] {
    return [...this.#groups.values()]
      .filter((group) => group.accountId === place.accountId && group.region === place.region)
      .sort(byName);
  }

  putGroup(group: LogGroupRecord): void {
    this.#groups.set(keyOf(group, group.name), group);
  }

  deleteGroup(group: LogGroupRecord): void {
    this.#groups.delete(keyOf(group, group.name));
  }

  findStream(place: Place, group: string, name: string | undefined): LogStreamRecord | undefined {
    return this.#streams.get(streamKey(place, group, name ?? ''));
  }

  /** @throws AwsError ResourceNotFoundException for the group or the stream */
  stream(place: Place, group: string | undefined, name: string | undefined): LogStreamRecord {
    const stream = this.findStream(place, this.group(place, group).name, name);
    if (!stream) throw notFound('stream');
    return stream;
  }

  streams(group: LogGroupRecord): LogStreamRecord[] {
    return [...this.#streams.values()]
      .filter(
        (stream) =>
          stream.group === group.name && stream.accountId === group.accountId && stream.region === group.region,
      )
      .sort(byName);
  }

  putStream(stream: LogStreamRecord): void {
    this.#streams.set(streamKey(stream, stream.group, stream.name), stream);
  }

  deleteStream(stream: LogStreamRecord): void {
    this.#streams.delete(streamKey(stream, stream.group, stream.name));
  }
}

function keyOf(place: Place, name: string): string {
  return `${place.accountId}/${place.region}/${name}`;
}

/** `:` is in no group's name. */
function streamKey(place: Place, group: string, name: string): string {
  return `${keyOf(place, group)}:${name}`;
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : Number(a.name > b.name);
}
