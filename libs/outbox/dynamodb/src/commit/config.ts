import { readEnv } from '@outbox/function-kit';
import type { AppendPolicy } from '@outbox/outbox-rules';

/** What every function that commits events is configured with. */
export interface OutboxConfig extends AppendPolicy {
  readonly tableName: string;
}

/**
 * Reads OUTBOX_TABLE_NAME, EVENT_SOURCE and OUTBOX_THRESHOLD_SECONDS, as modules/outbox gives them to its writers.
 * @throws EnvironmentError naming the variable
 */
export function readOutboxConfig(variables: Readonly<Record<string, string | undefined>>): OutboxConfig {
  const env = readEnv(variables);
  return {
    tableName: env.string('OUTBOX_TABLE_NAME'),
    source: env.string('EVENT_SOURCE'),
    thresholdMs: env.int('OUTBOX_THRESHOLD_SECONDS', { min: 1 }) * 1_000,
  };
}
