import { cpus } from 'node:os';

/** With less than this share of its processors' time left, a machine is busy. */
const SPARE_SHARE = 0.1;

/** What a machine's processors did since it started, all of them together, in milliseconds. */
export interface ProcessorTime {
  readonly idle: number;
  readonly total: number;
}

/** Of this machine, as its system counts it; zeros where it doesn't. */
export function processorTime(): ProcessorTime {
  const times = cpus().map((cpu) => cpu.times);
  return {
    idle: times.reduce((sum, { idle }) => sum + idle, 0),
    total: times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0),
  };
}

/** Whether processors had time left between two readings; a machine that doesn't tell has. */
export function hadTimeLeft(from: ProcessorTime, to: ProcessorTime): boolean {
  const total = to.total - from.total;
  return total <= 0 || to.idle - from.idle >= total * SPARE_SHARE;
}
