import type { Stack } from '../../support/stack';
import type { AwsClients } from '../clients';
import type { CrashingCloud } from '../local-cloud';
import { Queues } from '../queues';
import { addUp, readDeadLetters, type DeadLetters } from './dead-letters';
import { isQuiet, lookAt, untilStill } from './look';

/** How an outage ended. */
export interface Drain {
  /** False: it was given up, with something left. */
  readonly isDrained: boolean;
  /** From the mending until nothing was left. */
  readonly engineMs: number;
  readonly wallMs: number;
  /** What was found in the dead-letter queues, at the mending and after. */
  readonly deadLetters: readonly DeadLetters[];
}

export interface DrainTools {
  readonly clients: AwsClients;
  readonly stack: Stack;
  readonly cloud: Pick<CrashingCloud, 'now' | 'advance' | 'runningInvocations'>;
  /** Clients that are still at work. */
  readonly awake: () => number;
  /** Told how far it is. */
  readonly report: (text: string) => void;
}

const MINUTE = 60_000;
/** A minute at a time for the first hour: what takes longer isn't told to the minute. */
const FINE_MS = 60 * MINUTE;
const COARSE_STEP_MS = 5 * MINUTE;
const LONGEST_STILL_MS = 60_000;
const TELL_MS = 10_000;

/** Lets time pass until nothing is left, and sends back what is set aside, as an operator does; gives up after `longestMs` of real time. */
export async function drain({ clients, stack, cloud, awake, report }: DrainTools, longestMs: number): Promise<Drain> {
  const [startedAt, from] = [performance.now(), await cloud.now()];
  const queues = new Queues(clients.sqs, stack);
  const found: DeadLetters[] = [];
  let toldAt = startedAt;
  for (;;) {
    const look = await untilStill(() => lookAt(clients, stack, cloud), awake, LONGEST_STILL_MS);
    const now = performance.now();
    const engineMs = (await cloud.now()) - from;
    const isDrained = isQuiet(look) && awake() === 0;
    if (isDrained || now - startedAt > longestMs) {
      return { isDrained, engineMs, wallMs: now - startedAt, deadLetters: addUp(found) };
    }
    if (now - toldAt > TELL_MS) {
      toldAt = now;
      const { unpublished, underWay, setAside } = look;
      report(
        `${Math.round(engineMs / MINUTE)} min after: ${unpublished} unpublished, ${underWay} under way, ${setAside} set aside`,
      );
    }
    if (look.setAside > 0) {
      found.push(...(await readDeadLetters(clients.sqs, stack)));
      await queues.redrive();
    } else {
      await cloud.advance(engineMs < FINE_MS ? MINUTE : COARSE_STEP_MS);
    }
  }
}
