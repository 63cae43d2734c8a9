import { readEnv } from '@outbox/function-kit';

/** What orders-api is configured with. */
export interface Config {
  readonly tableName: string;
  /** An event still unpublished so long after its commit is due for the sweeper. */
  readonly thresholdMs: number;
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
    thresholdMs: env.int('OUTBOX_THRESHOLD_SECONDS', { min: 1 }) * 1_000,
    requireIdempotencyKey: env.boolean('REQUIRE_IDEMPOTENCY_KEY'),
  };
}
