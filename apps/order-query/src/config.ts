import { readEnv } from '@outbox/function-kit';

/** What order-query is configured with. */
export interface Config {
  /** The read model kept by order-view. */
  readonly tableName: string;
}

/**
 * Reads the environment.
 * @throws EnvironmentError naming the variable
 */
export function readConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  return { tableName: readEnv(variables).string('ORDER_VIEW_TABLE_NAME') };
}
