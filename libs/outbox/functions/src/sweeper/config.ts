import { readEnv } from '@outbox/function-kit';

export interface SweeperConfig {
  readonly tableName: string;
  readonly eventBusName: string;
  /** `source` of the outbox's events. */
  readonly eventSource: string;
  /** So long after its commit an unpublished event is due; writers stamp it, so both have the same. */
  readonly thresholdSeconds: number;
  /** Most events of one run. */
  readonly sweepLimit: number;
}

/**
 * Reads the environment.
 * @throws EnvironmentError naming the variable
 */
export function readSweeperConfig(variables: Readonly<Record<string, string | undefined>>): SweeperConfig {
  const env = readEnv(variables);
  return {
    tableName: env.string('OUTBOX_TABLE_NAME'),
    eventBusName: env.string('EVENT_BUS_NAME'),
    eventSource: env.string('EVENT_SOURCE'),
    thresholdSeconds: env.int('OUTBOX_THRESHOLD_SECONDS', { min: 1 }),
    sweepLimit: env.int('SWEEP_LIMIT', { min: 1, max: 10_000 }),
  };
}
