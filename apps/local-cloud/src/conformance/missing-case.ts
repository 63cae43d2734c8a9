import type { InputOf, OperationName, ServiceName } from '@outbox/local-cloud-kernel';

/** An operation asked for what isn't there, and the error its API reference names for that. */
export interface MissingCase {
  readonly service: ServiceName;
  readonly operation: string;
  readonly input: unknown;
  readonly error: string;
}

/** For one service: a row per operation; the error is the same unless a row names another. */
export function rows<S extends ServiceName>(
  service: S,
  error: string,
  inputs: {
    readonly [Op in OperationName<S>]?: InputOf<S, Op> | { readonly input: InputOf<S, Op>; readonly error: string };
  },
): readonly MissingCase[] {
  return Object.entries<unknown>(inputs).map(([operation, given]) => {
    const own = typeof given === 'object' && given !== null && 'error' in given && 'input' in given ? given : undefined;
    return own
      ? { service, operation, input: own.input, error: String(own.error) }
      : { service, operation, input: given, error };
  });
}
