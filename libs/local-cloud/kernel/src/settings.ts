import type { StateStore, Table } from './store';

/** A number that says how a service behaves where AWS leaves it open, or where accounts differ. */
export interface Setting {
  readonly name: string;
  /** Its value unless set. */
  readonly initial: number;
  readonly min: number;
  readonly max: number;
}

/** The values of settings; kept with the state. */
export class Settings {
  readonly #table: Table<number>;

  constructor(store: Pick<StateStore, 'table'>) {
    this.#table = store.table('engine.settings');
  }

  get({ name, initial }: Setting): number {
    return this.#table.get(name) ?? initial;
  }

  set({ name }: Setting, value: number): void {
    this.#table.set(name, value);
  }
}
