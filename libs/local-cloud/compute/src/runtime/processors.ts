import { cpus } from 'node:os';

/** With less than this share of its processors' time left, a machine is busy. */
const SPARE_SHARE = 0.1;
/** Time between two looks. Systems count in steps of ten milliseconds. */
const LOOK_MS = 100;

/** What a machine's processors did since it started, all of them together, in milliseconds. */
export interface ProcessorTime {
  readonly idle: number;
  readonly total: number;
}

/** This machine's processors. */
export class Processors {
  #last: ProcessorTime & { readonly at: number };
  #isBusy = false;

  constructor(
    private readonly read: () => ProcessorTime = processorTime,
    /** Milliseconds. */
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#last = { ...read(), at: now() };
  }

  /** Whether they had no time left since the look before; a machine that doesn't count their time has. */
  isBusy(): boolean {
    const at = this.now();
    if (at - this.#last.at >= LOOK_MS) {
      const { idle, total } = this.read();
      this.#isBusy = idle - this.#last.idle < (total - this.#last.total) * SPARE_SHARE;
      this.#last = { idle, total, at };
    }
    return this.#isBusy;
  }
}

/** As the system counts it; zeros where it doesn't. */
function processorTime(): ProcessorTime {
  const times = cpus().map((cpu) => cpu.times);
  return {
    idle: times.reduce((sum, { idle }) => sum + idle, 0),
    total: times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0),
  };
}
