import type { Clock } from './clock';
import type { Interceptor } from './dispatcher';
import { AwsError } from './errors';
import type { FaultPlane, FaultyInput, ServiceFaults } from './faults';
import type { RequestContext } from './service';

/** A late answer comes so much later at the most. */
const LONGEST_DELAY_MS = 400;

/**
 * Has whatever the fault plane sends strike the calls between the stack's parts: before the call, after it, and where the
 * service says. Calls of the account's admin (Terraform, operators, tests) are spared: faults belong to the stack, not to
 * those who look at it.
 */
export function injectFaults(plane: FaultPlane, clock: Pick<Clock, 'sleep'>): Interceptor {
  return async ({ faults = {} }, context, input, run) => {
    if (!plane.active || context.caller.kind === 'root' || faults.isSpared) return run(input);
    strikeBefore(plane, faults, context, input as FaultyInput);
    const output = await (faults.around?.(plane, context, input as FaultyInput, run) ?? run(input));
    if (plane.strikesProcess('kill-after-call', context.accessKeyId)) throw failure(faults, 'the caller was killed');
    if (plane.strikes('lost-answer')) throw failure(faults, 'injected fault after the call took effect');
    if (plane.strikes('delayed-answer')) await clock.sleep(plane.random() * LONGEST_DELAY_MS, context.signal);
    return output;
  };
}

function strikeBefore(plane: FaultPlane, faults: ServiceFaults, context: RequestContext, input: FaultyInput): void {
  if (plane.strikesProcess('kill-before-call', context.accessKeyId)) throw failure(faults, 'the caller was killed');
  if (!faults.isNeverDenied?.(context, input) && plane.strikes('deny')) {
    const where = `${context.service}:${context.operation}`;
    throw new AwsError(
      'AccessDeniedException',
      `User: ${context.caller.arn} is not authorized to perform: ${where} (injected fault)`,
    );
  }
  if (plane.strikes('throttle')) {
    throw faults.throttled?.() ?? new AwsError('ThrottlingException', 'Rate exceeded');
  }
  if (plane.strikes('server-error')) throw failure(faults, 'injected fault');
}

/** A server error of a service, as one of its faults has it fail. */
export function failure({ serverErrorCode = 'InternalFailure' }: ServiceFaults, why: string): AwsError {
  return new AwsError(serverErrorCode, `The service failed: ${why}.`, { status: 500 });
}
