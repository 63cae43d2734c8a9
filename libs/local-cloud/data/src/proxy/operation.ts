import type { RequestContext, Requirement } from '@outbox/local-cloud-kernel';
import type { Json } from './json';

/** An operation on the JSON of the wire; what both ways into the service (over HTTP and from inside) end in. */
export interface JsonOperation {
  readonly requires: (body: Json, context: RequestContext) => readonly Requirement[];
  readonly run: (body: Json, context: RequestContext) => Promise<Json>;
}

export type JsonOperations = Readonly<Record<string, JsonOperation>>;
