import type { StateStore, Table } from './store';

const RULE_DELAY = 'ruleDelayMs';
const ACCOUNT_CONCURRENCY = 'accountConcurrency';

/** How the engine behaves where AWS leaves it open, or differs by account; kept with the state. */
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

  /**
   * Functions that may run at the same time in an account and region; AWS's default quota, 1,000, unless set. New accounts
   * have less. Source: Lambda quotas.
   */
  get accountConcurrency(): number {
    return this.#table.get(ACCOUNT_CONCURRENCY) ?? 1_000;
  }

  set accountConcurrency(value: number) {
    this.#table.set(ACCOUNT_CONCURRENCY, value);
  }
}
