import { unsupported, type RequestContext, type Service, type ServiceFaults } from '@outbox/local-cloud-kernel';
import type { Json } from './json';
import type { JsonOperations } from './operation';
import { fromJson, shapedError, toJson } from './shapes';

/** A service whose operations take JSON as it is, and the SDK's shape from inside the engine. */
export function jsonService<S extends 'dynamodb' | 'dynamodbstreams'>(
  name: S,
  operations: JsonOperations,
  faults?: ServiceFaults,
): Service<S> {
  const entries = Object.entries(operations).map(([operation, { requires, run }]) => [
    operation,
    {
      requires: (input: object, context: RequestContext) => requires(toJson(input), context),
      handle: async (input: object, context: RequestContext): Promise<Json> => {
        try {
          return fromJson(await run(toJson(input), context));
        } catch (error) {
          throw shapedError(error);
        }
      },
    },
  ]);
  return {
    name,
    // The generic conversion keeps the SDK's shapes, which the type system can't follow operation by operation.
    operations: Object.fromEntries(entries) as Service<S>['operations'],
    passThrough: (operation, body, context) => {
      const found = operations[operation];
      if (!found) throw unsupported(name, operation);
      return found.run(body, context);
    },
    ...(faults && { faults }),
  };
}
