import type { StateStore, Table } from './store';

const RULE_DELAY = 'ruleDelayMs';

/** How the engine behaves where AWS leaves it open; kept with the state. */
export class Settings {
  readonly #table: Table<number>;

  constructor(store: Pick<StateStore, 'table'>) {
    this.#table = store.table('engine.settings');
  }

  /** How long a new or changed rule of EventBridge takes to count, in milliseconds; 0 unless set. */
  get ruleDelayMs(): number {
    return this.#table.get(RULE_DELAY) ?? 0;
  }

  set ruleDelayMs(value: number) {
    this.#table.set(RULE_DELAY, value);
  }
}
