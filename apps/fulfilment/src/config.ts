import { readConsumerConfig, type ConsumerConfig } from '@outbox/inbox-dynamodb';

/**
 * Reads the environment of this consumer, which is written for the policy `once`.
 * @throws EnvironmentError naming the variable
 */
export function readConfig(variables: Readonly<Record<string, string | undefined>>): ConsumerConfig {
  return readConsumerConfig(variables, 'once');
}
