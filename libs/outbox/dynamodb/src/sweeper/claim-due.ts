import { CorruptItemError, dynamoFailure, isoTime } from '@outbox/function-kit';
import { claim, isDue, type ItemKey, type StoredOutboxItem } from '@outbox/outbox-rules';
import { writeClaim, writeCorrupt } from '../table/outbox-updates';
import { readItem } from '../table/outbox-reader';
import type { OutboxTable } from '../table/outbox-table';
import type { SweeperPorts } from './ports';

/** A due item that this run owns until its claim runs out. */
export interface Claimed {
  readonly item: StoredOutboxItem;
  /** The attempt this is, from 1. */
  readonly attempts: number;
}

/** What came of a candidate. `passed`: it is done, not due any more, or another run's. `busy`: left for the next run. */
export type ClaimOutcome =
  | { readonly kind: 'claimed'; readonly claimed: Claimed }
  | { readonly kind: 'given-up' }
  | { readonly kind: 'passed' | 'busy' }
  | { readonly kind: 'fault'; readonly error: unknown };

/** Reads a candidate consistently and claims it; an outcome whatever happens, so that one harms no other. */
export async function claimDue(
  { table, policy, logger }: SweeperPorts,
  key: ItemKey,
  now: number,
): Promise<ClaimOutcome> {
  const evidence = { pk: key.pk, sk: key.sk };
  try {
    const item = await readItem(table, key);
    if (!item || !isDue(item, now)) return { kind: 'passed' };
    const decision = claim(item, now, policy);
    if (!(await writeClaim(table, item, decision))) return { kind: 'passed' };
    if (decision.kind === 'publish') return { kind: 'claimed', claimed: { item, attempts: decision.attempts } };
    logger.error('event given up', { ...evidence, eventId: item.id, failure: decision.failure });
    return { kind: 'given-up' };
  } catch (error) {
    if (error instanceof CorruptItemError) return giveUpCorrupt(table, key, now, error, logger);
    const failure = dynamoFailure(error);
    if (failure.kind === 'busy') {
      logger.warn('event left for the next run', { ...evidence, reason: failure.reason });
      return { kind: 'busy' };
    }
    logger.error('event could not be claimed', { ...evidence, error });
    return { kind: 'fault', error };
  }
}

/** An item that can't be read would be due for ever, and take the place of one that can: it is given up aloud. */
async function giveUpCorrupt(
  table: OutboxTable,
  key: ItemKey,
  now: number,
  error: CorruptItemError,
  logger: SweeperPorts['logger'],
): Promise<ClaimOutcome> {
  const evidence = { pk: key.pk, sk: key.sk, attribute: error.attribute };
  try {
    if (!(await writeCorrupt(table, key, isoTime(now), error.message))) return { kind: 'passed' };
    logger.error('event given up: its item can’t be read', evidence);
    return { kind: 'given-up' };
  } catch (fault) {
    logger.error('event could not be given up', { ...evidence, error: fault });
    return { kind: 'fault', error: fault };
  }
}
