import { readEnv } from '@outbox/function-kit';

export interface SweeperConfig {
  readonly tableName: string;
  readonly eventBusName: string;
  /** `source` of the outbox's events. */
  readonly eventSource: string;
  /** So long after its commit an unpublished event is due; writers stamp it, so both have the same. */
  readonly thresholdSeconds: number;
  /** Events of a run as long as nothing is known of how earlier ones fared. */
  readonly sweepStart: number;
  /** Most invocations that work a backlog at a time. */
  readonly sweepConcurrency: number;
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
    sweepStart: env.int('SWEEP_START', { min: 1 }),
    sweepConcurrency: env.int('SWEEP_CONCURRENCY', { min: 1 }),
  };
}
