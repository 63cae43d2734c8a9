import type { Engine } from '@outbox/local-cloud-kernel';
import { Tables } from '@outbox/local-cloud-tables';
import type { Place } from '../place';
import type { Json } from '../proxy/json';
import { EXPIRY_IDENTITY, type TableEngine } from './table-engine';

/** The engine of our own, in one SQLite file that is opened when it is first asked. */
export class SqliteEngine implements TableEngine {
  #opened: Tables | undefined;

  constructor(
    private readonly engine: Pick<Engine, 'clock' | 'ids'>,
    private readonly file: string,
  ) {}

  async start(): Promise<void> {
    this.#tables();
  }

  async call(operation: string, body: Json, place: Place): Promise<Json> {
    return this.#tables().call(operation, body, place);
  }

  async streamOf(place: Place, table: string): Promise<string | undefined> {
    return this.#tables().streamOf(place, table);
  }

  async expire(body: Json, place: Place): Promise<boolean> {
    return this.#tables().expireItem(body, place, EXPIRY_IDENTITY);
  }

  async stop(): Promise<void> {
    this.#opened?.close();
    this.#opened = undefined;
  }

  #tables(): Tables {
    const { clock, ids } = this.engine;
    return (this.#opened ??= new Tables({
      file: this.file,
      now: () => clock.now(),
      random: () => ids.random(),
      uuid: () => ids.uuid(),
    }));
  }
}
