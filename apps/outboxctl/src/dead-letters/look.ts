import type { DeadLetter } from './dead-letter';
import type { DeadLetterQueue } from './dead-letter-queue';
import { holding, type HeldPorts } from './held-letters';

/** Reads letters of a queue, `most` of them or all, tells of each batch, and leaves them where they are. */
export function lookAt(
  queue: DeadLetterQueue,
  ports: HeldPorts,
  found: (letters: readonly DeadLetter[]) => void,
  most?: number,
): Promise<void> {
  return holding(queue, ports, async (held) => {
    for await (const batch of held.receive(most)) found(batch);
  });
}
