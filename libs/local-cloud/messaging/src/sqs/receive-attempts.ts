import type { Clock } from '@outbox/local-cloud-kernel';
import type { StoredMessage } from './message';
import type { VisibilityQueue } from './visibility-queue';
import { ATTEMPT_MS } from './limits';

interface Attempt {
  readonly receipts: readonly { readonly id: string; readonly receipt: string | undefined }[];
  readonly at: number;
}

/**
 * Receives of FIFO queues by their attempt id: whoever lost an answer asks again and gets the same messages, while nobody
 * deleted one or changed its visibility.
 */
export class ReceiveAttempts {
  readonly #attempts = new Map<string, Attempt>();

  constructor(private readonly clock: Clock) {}

  /** What the attempt received, if it may be had again. */
  again(queueArn: string, attemptId: string, messages: VisibilityQueue): StoredMessage[] | undefined {
    const now = this.clock.now();
    for (const [key, { at }] of this.#attempts) if (now - at >= ATTEMPT_MS) this.#attempts.delete(key);
    const attempt = this.#attempts.get(`${queueArn} ${attemptId}`);
    const found = attempt?.receipts.map(({ id, receipt }) => {
      const message = messages.get(id);
      return message?.receipt === receipt && message?.visibleAt === message?.hiddenUntil ? message : undefined;
    });
    return found?.every((message) => message !== undefined) ? found : undefined;
  }

  remember(queueArn: string, attemptId: string, messages: readonly StoredMessage[]): void {
    const receipts = messages.map(({ id, receipt }) => ({ id, receipt }));
    this.#attempts.set(`${queueArn} ${attemptId}`, { receipts, at: this.clock.now() });
  }
}
