import { readEnv } from '@outbox/function-kit';
import { readOutboxConfig, type OutboxConfig } from '@outbox/outbox-dynamodb';

/** What orders-api is configured with. */
export interface Config {
  /** The table of orders. */
  readonly tableName: string;
  readonly outbox: OutboxConfig;
  /** Refuse POST and PATCH without an Idempotency-Key. */
  readonly requireIdempotencyKey: boolean;
}

/**
 * Reads the environment.
 * @throws EnvironmentError naming the variable
 */
export function readConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  const env = readEnv(variables);
  return {
    tableName: env.string('ORDERS_TABLE_NAME'),
    outbox: readOutboxConfig(variables),
    requireIdempotencyKey: env.boolean('REQUIRE_IDEMPOTENCY_KEY'),
  };
}
