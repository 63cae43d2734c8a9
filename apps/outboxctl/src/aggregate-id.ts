import { UsageError } from '@outbox/cli-kit';

/** What events are about: an aggregate by its type and its id. */
export interface AggregateId {
  /** Its type, as the events' `aggregatetype` names it. */
  readonly aggregate: string;
  readonly id: string;
}

/**
 * Reads `AGGREGATE/ID`, or an id alone where the stack has one aggregate type. Everything after the first slash is the
 * id; an id that holds a slash itself is given with its type.
 * @throws UsageError when the type is none of `types`, is needed and absent, or there is no id
 */
export function parseAggregateId(text: string, types: readonly string[]): AggregateId {
  const [only, ...others] = types;
  const there = `the stack has ${types.join(', ')}`;
  const slash = text.indexOf('/');
  if (slash === -1) {
    if (only === undefined || others.length > 0) {
      throw new UsageError(`${text} may be of several aggregate types`, { hint: `Give AGGREGATE/ID: ${there}` });
    }
    return given(only, text);
  }
  const aggregate = text.slice(0, slash);
  if (!types.includes(aggregate)) {
    throw new UsageError(`no aggregate type ${aggregate}; ${there}`, { hint: 'Give AGGREGATE/ID' });
  }
  return given(aggregate, text.slice(slash + 1));
}

/** The text that `parseAggregateId` reads, whatever types there are. */
export function formatAggregateId({ aggregate, id }: AggregateId): string {
  return `${aggregate}/${id}`;
}

function given(aggregate: string, id: string): AggregateId {
  if (id === '') throw new UsageError('AGGREGATE/ID lacks the id');
  return { aggregate, id };
}
