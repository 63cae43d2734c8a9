import { readEnv } from '@outbox/function-kit';
import { DEFAULT_MAX_ATTEMPTS, type Policy } from '@outbox/inbox-rules';

/** What every consumer is configured with. */
export interface ConsumerConfig {
  readonly name: string;
  readonly policy: Policy;
  readonly tableName: string;
  /** The outbox that the events come from, for an in-order consumer that may read it. */
  readonly sourceOutboxTableName: string | undefined;
  readonly queueUrl: string;
  readonly dlqUrl: string;
  readonly retentionDays: number;
  /** Attempts at an event before it is a dead letter. */
  readonly maxAttempts: number;
  /** Seconds from commit to effect within which an event is on time, as the stack's objective says. */
  readonly objectiveSeconds: number;
}

/**
 * Reads a consumer's environment. `implemented` is what its code is written for: a stack that configures another name or
 * policy is refused.
 * @throws EnvironmentError naming the variable
 */
export function readConsumerConfig(
  variables: Readonly<Record<string, string | undefined>>,
  implemented: { readonly name: string; readonly policy: Policy['kind'] },
): ConsumerConfig {
  const env = readEnv(variables);
  const kind = env.oneOf('CONSUMER_POLICY', [implemented.policy]);
  const sourceOutboxTableName =
    variables['SOURCE_OUTBOX_TABLE_NAME'] === undefined ? undefined : env.string('SOURCE_OUTBOX_TABLE_NAME');
  return {
    name: env.oneOf('CONSUMER_NAME', [implemented.name]),
    policy:
      kind === 'in-order'
        ? {
            kind,
            start: env.oneOf('IN_ORDER_START', ['beginning', 'first-seen']),
            parkBudgetSeconds: env.int('PARK_BUDGET_SECONDS', { min: 1 }),
            asksOutbox: sourceOutboxTableName !== undefined,
          }
        : { kind },
    tableName: env.string('CONSUMER_TABLE_NAME'),
    sourceOutboxTableName,
    queueUrl: env.string('QUEUE_URL'),
    dlqUrl: env.string('DLQ_URL'),
    retentionDays: env.int('INBOX_RETENTION_DAYS', { min: 1 }),
    maxAttempts:
      variables['MAX_ATTEMPTS'] === undefined ? DEFAULT_MAX_ATTEMPTS : env.int('MAX_ATTEMPTS', { min: 1, max: 1_000 }),
    objectiveSeconds: env.int('LAG_OBJECTIVE_SECONDS', { min: 1 }),
  };
}
