import { AwsError, type ServiceFaults } from '@outbox/local-cloud-kernel';
import { objectsAt, type Json } from '../proxy/json';

const KINDS = [
  'transaction-conflict',
  /** A cancelled transaction tells the old item of its first reason only: AWS promises no more. */
  'first-reason-only',
];

/** What goes wrong with transactions, and how DynamoDB calls a server error. */
export const transactionFaults: ServiceFaults = {
  kinds: KINDS,
  serverErrorCode: 'InternalServerError',
  async around(faults, { operation }, input, run) {
    if (operation !== 'TransactWriteItems') return run(input);
    if (faults.strikes('transaction-conflict')) throw conflict(objectsAt(input, 'TransactItems').length || 1);
    try {
      return await run(input);
    } catch (error) {
      const reasons = error instanceof AwsError ? error.members['CancellationReasons'] : undefined;
      if (!(error instanceof AwsError) || !Array.isArray(reasons) || !faults.strikes('first-reason-only')) throw error;
      throw cancelled(error.message, withFirstItem(reasons), error);
    }
  },
};

/** AWS promises `Item` for the first failed condition only; code that reads more of them than that breaks here. */
function withFirstItem(reasons: readonly Json[]): readonly Json[] {
  const first = reasons.findIndex(({ Item }) => Item !== undefined);
  return reasons.map(({ Item, ...reason }, index) => (index === first ? { ...reason, Item } : reason));
}

function conflict(count: number): AwsError {
  const reasons = Array.from({ length: count }, (_, index) =>
    index === 0 ? { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item.' } : { Code: 'None' },
  );
  const codes = reasons.map(({ Code }) => Code).join(', ');
  return cancelled(`Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`, reasons);
}

function cancelled(message: string, reasons: readonly Json[], cause?: AwsError): AwsError {
  return new AwsError('TransactionCanceledException', message, {
    members: { ...cause?.members, CancellationReasons: reasons },
    cause,
  });
}
