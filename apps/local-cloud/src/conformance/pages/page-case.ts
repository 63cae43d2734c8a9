import type { ServiceName } from '@outbox/local-cloud-kernel';
import type { Clients } from '../cloud';
import { names } from '../fixtures';

/** An operation that answers in pages, over what `make` creates in an account of its own. */
export interface PageCase {
  readonly service: ServiceName;
  readonly operation: string;
  /** Creates what there is to list; answers the operation's input. */
  readonly make: (clients: Clients) => Promise<object>;
  /** The name of the list in a page, and of what tells its elements apart; none when they are strings. */
  readonly list: string;
  readonly name?: string;
  /** What all pages together must hold, each once, in any order; a number where names are made by AWS. */
  readonly expected: readonly string[] | number;
  /** The operation takes no limit: one page holds all. */
  readonly whole?: true;
  /** Names of token in, token out and limit; only where the SDK has no paginator. */
  readonly manual?: readonly [tokenIn: string, tokenOut: string, limit: string];
}

/** A policy's text. */
export const document = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' }],
});
/** Five names to make things of. */
export const five = names(5);

/** Makes one after the other: what lists are sorted by may be the time. */
export async function each(list: readonly string[], make: (name: string) => Promise<unknown>): Promise<void> {
  for (const name of list) await make(name);
}
