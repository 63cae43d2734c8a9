import { setTimeout as sleep } from 'node:timers/promises';
import type { Pipeline, Tail } from '@outbox/console-api';
import type { EventStream } from './stream';

export interface Sources {
  readonly pipeline: () => Promise<Pipeline>;
  readonly tail: { next(): Promise<Tail>; reset(): void };
  /** An error as a person is told of it. */
  readonly explain: (error: unknown) => string;
}

const TAIL_EVERY_MS = 500;
/** How soon somebody who begins to listen is noticed. */
const IDLE_MS = 250;

/**
 * Asks AWS as long as somebody looks, and tells who looks. What fails is told in words, and tried again. Resolves when
 * `stop` says so.
 */
export async function poll(sources: Sources, stream: EventStream, everyMs: number, stop: AbortSignal): Promise<void> {
  const tell = (error?: unknown): void => {
    stream.send('trouble', { text: error === undefined ? '' : sources.explain(error) }, { kept: true });
  };
  const pipeline: Repeated = {
    isWanted: () => stream.listening.all > 0,
    everyMs,
    work: async () => {
      stream.send('pipeline', await sources.pipeline(), { kept: true });
      tell();
    },
    failed: tell,
    // Whoever comes hours later would see it first.
    unwanted: () => stream.forget('pipeline'),
  };
  let follows = false;
  const reset = (): void => {
    follows = false;
    stream.forget('tail');
    sources.tail.reset();
  };
  const tail: Repeated = {
    isWanted: () => stream.listening.tail > 0,
    everyMs: TAIL_EVERY_MS,
    work: async () => {
      const { events, published, left } = await sources.tail.next();
      const isAny = events.length + published.length > 0;
      // The first, which is empty, is kept: it says to each who comes that from now on nothing is missed.
      if (!follows) stream.send('tail', { events: [], published: [], left: 0 }, { kept: true });
      if (isAny) stream.send('tail', { events, published, left });
      follows = true;
    },
    failed: (error) => {
      reset();
      tell(error);
    },
    unwanted: reset,
  };
  await Promise.all([repeat(pipeline, stop), repeat(tail, stop)]);
}

interface Repeated {
  readonly isWanted: () => boolean;
  readonly everyMs: number;
  readonly work: () => Promise<void>;
  readonly failed: (error: unknown) => void;
  readonly unwanted: () => void;
}

async function repeat({ isWanted, everyMs, work, failed, unwanted }: Repeated, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const wanted = isWanted();
    if (wanted) await work().catch(failed);
    else unwanted();
    await sleep(wanted ? everyMs : IDLE_MS, undefined, { signal: stop }).catch(() => undefined);
  }
}
