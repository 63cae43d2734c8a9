import { Settings } from '@outbox/local-cloud-kernel';
import { ACCOUNT_CONCURRENCY } from '../../account-concurrency';
import { checkNumber } from '../constraints';
import { invalidParameter } from '../errors';
import { parseFunctionName } from '../names';
import { onFunction, type LambdaOperations } from '../operation';
import type { LambdaParts } from '../parts';
import { MIN_UNRESERVED } from '../limits';

/** Reserved concurrency. */
export function concurrencyOperations({ engine, functions }: LambdaParts): LambdaOperations {
  const settings = new Settings(engine.store);
  return {
    PutFunctionConcurrency: {
      requires: onFunction('PutFunctionConcurrency'),
      handle: (input, context) => {
        const at = parseFunctionName(input.FunctionName, context);
        if (at.qualifier !== undefined) {
          throw invalidParameter(
            'This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.',
          );
        }
        const { record } = functions.resolve({ ...at, qualifier: '$LATEST' });
        const wanted = input.ReservedConcurrentExecutions ?? -1;
        checkNumber(wanted, 'reservedConcurrentExecutions', 0);
        const others = functions
          .list(record.accountId, record.region)
          .filter((one) => one.name !== record.name)
          .reduce((sum, one) => sum + (one.reservedConcurrency ?? 0), 0);
        if (settings.get(ACCOUNT_CONCURRENCY) - others - wanted < MIN_UNRESERVED) {
          throw invalidParameter(
            `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${MIN_UNRESERVED}].`,
          );
        }
        functions.save({ ...record, reservedConcurrency: wanted });
        return { ReservedConcurrentExecutions: wanted };
      },
    },
    GetFunctionConcurrency: {
      requires: onFunction('GetFunctionConcurrency'),
      handle: (input, context) => {
        const { reservedConcurrency } = functions.get(parseFunctionName(input.FunctionName, context));
        return reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency };
      },
    },
    DeleteFunctionConcurrency: {
      requires: onFunction('DeleteFunctionConcurrency'),
      handle: (input, context) => {
        const record = functions.get(parseFunctionName(input.FunctionName, context));
        functions.save({ ...record, reservedConcurrency: undefined });
        return {};
      },
    },
  };
}
