import { AwsError, toAwsError } from './errors';
import type { Clock } from './clock';
import type { FaultPlane } from './faults';
import type { RequestContext } from './service';

type Json = Record<string, unknown>;
type Run = (input: unknown) => Promise<unknown>;

/** A late answer comes so much later at the most. */
const LONGEST_DELAY_MS = 400;
/** A reordered message is held back for up to so long. */
const LONGEST_HOLD_SECONDS = 3;

/**
 * No hops of the stack: how AWS itself writes down what a function printed, who is told of alarms, and what a service does with a key within a
 * call. The call that needs the key is the hop; struck a second time, a dead letter would be denied after all.
 */
const SPARED_SERVICES: ReadonlySet<string> = new Set(['logs', 'cloudwatch', 'sns', 'kms']);

/**
 * Runs one call with whatever the fault plane sends its way. Calls of the account's admin (Terraform, operators, tests)
 * are spared: faults belong to the stack, not to those who look at it.
 */
export async function runWithFaults(
  faults: FaultPlane,
  clock: Clock,
  context: RequestContext,
  input: unknown,
  run: Run,
  makeVisible: (queueUrl: string, receiptHandle: string) => Promise<unknown>,
): Promise<unknown> {
  if (!faults.active || context.caller.kind === 'root' || SPARED_SERVICES.has(context.service)) return run(input);
  strikeBefore(faults, context, input as Json);
  let output: unknown;
  try {
    output = await runChanged(faults, context, input as Json, run);
  } catch (error) {
    throw forgetfulReasons(faults, context, error);
  }
  await strikeAfter(faults, clock, context, input as Json, output as Json, makeVisible);
  return output;
}

function strikeBefore(faults: FaultPlane, context: RequestContext, input: Json): void {
  const where = `${context.service}:${context.operation}`;
  if (faults.strikesProcess('kill-before-call', context.accessKeyId))
    throw serverError(context, 'the caller was killed');
  if (isOut(faults, context, input)) throw serverError(context, 'injected outage');
  if (!isDeadLetter(context, input) && faults.strikes('deny')) {
    throw new AwsError(
      'AccessDeniedException',
      `User: ${context.caller.arn} is not authorized to perform: ${where} (injected fault)`,
    );
  }
  if (faults.strikes('throttle')) throw throttled(context);
  if (faults.strikes('server-error')) throw serverError(context, 'injected fault');
  if (context.operation === 'TransactWriteItems' && faults.strikes('transaction-conflict')) throw conflict(input);
}

function isOut(faults: FaultPlane, { operation }: RequestContext, input: Json): boolean {
  if (operation === 'PutEvents') return faults.isOut('bus-outage', 'bus');
  if (operation === 'SendMessage' || operation === 'SendMessageBatch') {
    return faults.isOut('queue-outage', String(input['QueueUrl']));
  }
  return false;
}

/**
 * EventBridge drops an event that neither the target nor its dead-letter queue admits, and no stack has an answer to
 * that: a denial strikes one of the two only.
 */
function isDeadLetter({ caller, operation }: RequestContext, input: Json): boolean {
  return caller.kind === 'service' && operation === 'SendMessage' && input['MessageAttributes'] !== undefined;
}

async function runChanged(faults: FaultPlane, context: RequestContext, input: Json, run: Run): Promise<unknown> {
  if (context.operation === 'SendMessage' && faults.strikes('reorder-delivery')) {
    return run({ ...input, DelaySeconds: 1 + Math.floor(faults.random() * LONGEST_HOLD_SECONDS) });
  }
  const entries = context.operation === 'PutEvents' ? input['Entries'] : undefined;
  if (!Array.isArray(entries) || entries.length === 0 || !faults.strikes('partial-put-events')) return run(input);
  const failing = new Set([...entries.keys()].filter(() => faults.random() < 0.5));
  if (failing.size === 0) failing.add(0);
  const accepted = entries.filter((_entry, index) => !failing.has(index));
  const output = accepted.length > 0 ? ((await run({ ...input, Entries: accepted })) as Json) : {};
  const results = [...((output['Entries'] as unknown[] | undefined) ?? [])];
  return {
    ...output,
    FailedEntryCount: failing.size + Number(output['FailedEntryCount'] ?? 0),
    Entries: entries.map((_entry, index) =>
      failing.has(index) ? { ErrorCode: 'InternalFailure', ErrorMessage: 'injected fault' } : results.shift(),
    ),
  };
}

async function strikeAfter(
  faults: FaultPlane,
  clock: Clock,
  context: RequestContext,
  input: Json,
  output: Json,
  makeVisible: (queueUrl: string, receiptHandle: string) => Promise<unknown>,
): Promise<void> {
  if (context.operation === 'ReceiveMessage') {
    const [message] = (output['Messages'] as { ReceiptHandle?: string }[] | undefined) ?? [];
    if (message?.ReceiptHandle !== undefined && faults.strikes('duplicate-delivery')) {
      await makeVisible(String(input['QueueUrl']), message.ReceiptHandle);
    }
    // A lost answer of a receive is a message that stays invisible: the same as a crash of its receiver.
  }
  if (faults.strikesProcess('kill-after-call', context.accessKeyId))
    throw serverError(context, 'the caller was killed');
  if (faults.strikes('lost-answer')) throw serverError(context, 'injected fault after the call took effect');
  if (faults.strikes('delayed-answer')) await clock.sleep(faults.random() * LONGEST_DELAY_MS, context.signal);
}

/** AWS promises `Item` for the first failed condition only; code that reads more of them than that breaks here. */
function forgetfulReasons(faults: FaultPlane, context: RequestContext, thrown: unknown): AwsError {
  const error = toAwsError(thrown);
  const reasons = error.members['CancellationReasons'];
  if (context.operation !== 'TransactWriteItems' || !Array.isArray(reasons) || !faults.strikes('first-reason-only'))
    return error;
  const first = reasons.findIndex((reason: Json) => reason['Item'] !== undefined);
  const kept = reasons.map(({ Item, ...reason }: Json, index) => (index === first ? { ...reason, Item } : reason));
  return new AwsError(error.code, error.message, {
    status: error.status,
    ...(error.queryCode === undefined ? {} : { queryCode: error.queryCode }),
    members: { ...error.members, CancellationReasons: kept },
    cause: error,
  });
}

function conflict(input: Json): AwsError {
  const count = Array.isArray(input['TransactItems']) ? input['TransactItems'].length : 1;
  const reasons = Array.from({ length: count }, (_, index) =>
    index === 0 ? { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item.' } : { Code: 'None' },
  );
  const codes = reasons.map((reason) => reason.Code).join(', ');
  return new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { members: { CancellationReasons: reasons } },
  );
}

function throttled(context: RequestContext): AwsError {
  return context.service === 'lambda'
    ? new AwsError('TooManyRequestsException', 'Rate exceeded', { status: 429 })
    : new AwsError('ThrottlingException', 'Rate exceeded');
}

function serverError(context: RequestContext, why: string): AwsError {
  const code =
    context.service === 'dynamodb'
      ? 'InternalServerError'
      : context.service === 'lambda'
        ? 'ServiceException'
        : 'InternalFailure';
  return new AwsError(code, `The service failed: ${why}.`, { status: 500 });
}
