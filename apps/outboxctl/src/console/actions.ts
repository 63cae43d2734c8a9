import * as z from 'zod';
import type { Action, ActionName } from '@outbox/console-api';

const text = z.string().min(1).max(1_000);
const sequence = z.number().int().min(1).max(9_999_999_999);

/** What each action takes: a page sends JSON, and so may anything else. */
const ACTION = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.literal('redrive'),
    consumer: text,
    reason: text.optional(),
    messages: z.array(text).max(1_000).optional(),
  }),
  z.strictObject({
    action: z.literal('drop'),
    consumer: text,
    reason: text.optional(),
    messages: z.array(text).max(1_000).optional(),
    because: text,
  }),
  z.strictObject({ action: z.literal('retry-failed'), aggregate: text.optional(), sequence: sequence.optional() }),
  z.strictObject({
    action: z.literal('skip'),
    aggregate: text,
    consumer: text,
    to: sequence,
    reason: text,
  }),
  z.strictObject({ action: z.literal('reconcile'), since: text.optional() }),
  z.strictObject({ action: z.literal('repair'), since: text.optional() }),
  z.strictObject({ action: z.literal('sweep') }),
  z.strictObject({ action: z.literal('pause'), stage: text }),
  z.strictObject({ action: z.literal('resume'), stage: text }),
]) satisfies z.ZodType<Action>;

/** What a console that is read-only does all the same. */
const READS: ReadonlySet<ActionName> = new Set(['reconcile']);

/** Whether an action changes the stack. */
export function changesAnything({ action }: Action): boolean {
  return !READS.has(action);
}

/** The action that a request's body asks for, or what is wrong with it. */
export function readAction(body: unknown): { readonly action: Action } | { readonly problem: string } {
  const parsed = ACTION.safeParse(body);
  if (parsed.success) return { action: parsed.data };
  return { problem: z.prettifyError(parsed.error) };
}
