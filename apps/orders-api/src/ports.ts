import type { Clock, Ids, Logger, Metrics } from '@outbox/function-kit';
import type { OrderStore } from '@outbox/orders-dynamodb';
import type { Config } from './config';

/** The outside world of orders-api, made once in `main.ts`. */
export interface Ports {
  readonly config: Config;
  readonly store: OrderStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: (bytes: number) => Uint8Array;
  readonly logger: Logger;
  readonly metrics: Metrics;
}
