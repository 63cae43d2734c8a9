import type { Json } from '../proxy/json';
import { validation } from './errors';

const MEMBERS = ['MaxReadRequestUnits', 'MaxWriteRequestUnits'];

/**
 * The limits of a table or index on demand after a request: what isn't given stays, -1 takes one away, and without one
 * left there are none. Source: captures from DynamoDB in github.com/nubo-db/dynoxide/issues/159.
 *
 * @param before what an update starts from; left out, the table or index is new
 * @throws AwsError ValidationException for a limit below 1, but for the -1 of an update
 */
export function limitsAfter(given: Json, where: string, before?: Json): Json | undefined {
  for (const name of MEMBERS) {
    const units = given[name];
    if (typeof units !== 'number' || units >= 1 || (before && units === -1)) continue;
    throw validation(
      `One or more parameter values were invalid: Requested ${name} for OnDemandThroughput for ${where} is outside of valid range`,
    );
  }
  const left = Object.entries({ ...before, ...given }).filter(([, units]) => units !== -1);
  return left.length > 0 ? Object.fromEntries(left) : undefined;
}
