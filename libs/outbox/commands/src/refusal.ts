import type { HttpAnswer } from '@outbox/function-kit';
import type { RefusedCommit } from '@outbox/outbox-dynamodb';
import type { Decision } from './commands';
import type { CommandProblems } from './problems';

/** The outbox can't take what a command decided, and no request is to blame: a defect of the service. */
export class RefusedDecisionError extends Error {
  override readonly name = 'RefusedDecisionError';

  constructor(readonly refusal: RefusedCommit) {
    const detail = refusal.reason === 'condition' ? `of write ${refusal.index} doesn't hold` : refusal.detail;
    super(`the outbox refused a command: ${refusal.reason}: ${detail}`);
  }
}

/**
 * The answer to a request whose decision the outbox refused.
 * @throws RefusedDecisionError
 */
export function refusalAnswer<S, A extends string>(
  problems: CommandProblems,
  { refused }: Decision<S, A>,
  refusal: RefusedCommit,
): HttpAnswer {
  switch (refusal.reason) {
    case 'too-large':
      return { problem: problems.tooLarge(refusal.detail) };
    case 'unsendable':
      // Bodies are looked through before: this text comes from elsewhere, such as the path.
      return { problem: problems.invalid([{ pointer: '', detail: refusal.detail }]) };
    case 'condition':
      if (refused) return { problem: refused(refusal.index) };
      throw new RefusedDecisionError(refusal);
    default:
      throw new RefusedDecisionError(refusal);
  }
}
