import { eventually } from '@outbox/testing';
import { cloud } from './local-cloud';
import { expectComplete } from './orders';

const MINUTE_MS = 60_000;
const patience = { timeoutMs: 60_000, intervalMs: 250 };

/** Lets minutes of the local cloud pass until every consumer has done every event of the order. */
export async function eventuallyComplete(orderId: string): Promise<void> {
  await eventually(async () => {
    await cloud.advance(MINUTE_MS);
    expectComplete(orderId, 1);
  }, patience);
}
