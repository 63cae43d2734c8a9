import type { Place } from '../place';
import type { Json } from '../proxy/json';

/** Which engine holds the tables: one of our own, on SQLite in this process, or Amazon's DynamoDB Local. */
export const TABLE_ENGINES = ['sqlite', 'dynamodb-local'] as const;

export type TableEngineName = (typeof TABLE_ENGINES)[number];

/** What holds tables, items and streams. It speaks AWS's terms: ARNs, times and errors are those of the caller's account. */
export interface TableEngine {
  /** Makes it ready before anybody asks; whoever has no tables needs no start. */
  start(): Promise<void>;
  /** One operation of DynamoDB or DynamoDB Streams, JSON to JSON. @throws AwsError in AWS's code and words */
  call(operation: string, body: Json, place: Place): Promise<Json>;
  /** The ARN of the table's enabled stream, or undefined. */
  streamOf(place: Place, table: string): Promise<string | undefined>;
  /**
   * Deletes an item whose time to live is over; `body` as for DeleteItem. Its stream says that DynamoDB did it.
   * @returns false where the body's condition wasn't met
   */
  expire(body: Json, place: Place): Promise<boolean>;
  /** Resolves when nothing of it runs any more. */
  stop(): Promise<void>;
}

/** Who an expired item's removal is by. Source: streams API reference, Record.userIdentity. */
export const EXPIRY_IDENTITY = { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' };
