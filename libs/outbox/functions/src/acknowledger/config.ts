import { readEnv } from '@outbox/function-kit';

export interface AcknowledgerConfig {
  readonly tableName: string;
  /** `source` of the outbox's events. */
  readonly eventSource: string;
  /** Days that a published event stays in the outbox table. */
  readonly retentionDays: number;
  readonly dlqUrl: string;
}

/**
 * Reads the environment.
 * @throws EnvironmentError naming the variable
 */
export function readAcknowledgerConfig(variables: Readonly<Record<string, string | undefined>>): AcknowledgerConfig {
  const env = readEnv(variables);
  return {
    tableName: env.string('OUTBOX_TABLE_NAME'),
    eventSource: env.string('EVENT_SOURCE'),
    retentionDays: env.int('OUTBOX_RETENTION_DAYS', { min: 1 }),
    dlqUrl: env.string('DLQ_URL'),
  };
}
