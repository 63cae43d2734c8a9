import { AwsError } from '@outbox/local-cloud-kernel';
import { fromLocal } from './local-arns';
import { objectAt, textAt, type Json } from '../proxy/json';
import type { Place } from '../place';
import type { LocalClient } from './local-client';

/** The latest stream of each table, remembered so that a write costs no further call. */
export class StreamsOfTables {
  readonly #streams = new Map<string, string | undefined>();

  constructor(private readonly client: LocalClient) {}

  /** The ARN of the table's enabled stream, or undefined. */
  async of(place: Place, name: string): Promise<string | undefined> {
    const key = keyOf(place, name);
    if (!this.#streams.has(key)) {
      try {
        const answer = await this.client.call('dynamodb', 'DescribeTable', { TableName: name }, place);
        this.learn(fromLocal(objectAt(answer, 'Table'), place), place);
      } catch (error) {
        // A table deleted between the write and this question has no stream that anyone waits for.
        if (error instanceof AwsError && error.code === 'ResourceNotFoundException') return undefined;
        throw error;
      }
    }
    return this.#streams.get(key);
  }

  /** Takes what a table's description (already in AWS's terms) says of its stream. */
  learn(table: Json, place: Place): void {
    const enabled = objectAt(table, 'StreamSpecification')['StreamEnabled'] === true;
    this.#streams.set(
      keyOf(place, textAt(table, 'TableName')),
      enabled ? textAt(table, 'LatestStreamArn') || undefined : undefined,
    );
  }

  forget(place: Place, name: string): void {
    this.#streams.delete(keyOf(place, name));
  }
}

function keyOf(place: Place, name: string): string {
  return `${place.accountId}/${place.region}/${name}`;
}
