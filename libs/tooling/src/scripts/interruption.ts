import { constants } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { forgetGroup, noteGroup } from './lock.cjs';
import { endGroup, membersOf, signal } from './process-groups.cjs';

const handled = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** make passes on a signal that this process also got as a member of the group: a second one this soon is the same wish. */
const sameWishMs = 1_000;
/** How long a program may take to end when it was asked to. Terraform may wait for a call that AWS is slow to answer. */
const graceMs = 60_000;
/** How long a program that runs commands of its own may take to kill those. */
const forcedGraceMs = 1_500;

/** The user, or whoever runs this process, wants it to end: nothing more is begun. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
  readonly exitCode: number;

  constructor(by: NodeJS.Signals) {
    super(`stopped by ${by}`);
    this.exitCode = exitCodeOf(by);
  }
}

/** The exit code by which a shell tells a signal: 130 for SIGINT, 143 for SIGTERM, 129 for SIGHUP. */
export function exitCodeOf(by: NodeJS.Signals): number {
  return 128 + constants.signals[by];
}

/** A running program. It leads a process group: Ctrl-C in the terminal reaches this process, which decides what it means. */
export interface RunningProgram {
  readonly name: string;
  readonly pid: number;
}

const running = new Set<RunningProgram>();
const ending = new Map<RunningProgram, Promise<void>>();
let interruptedBy: NodeJS.Signals | undefined;
let interruptedAt = 0;
const controller = new AbortController();

/** Aborted with an InterruptedError at the first signal: for waits that shall not go on then. */
export const interrupted: AbortSignal = controller.signal;

/** @throws InterruptedError once a signal has come */
export function throwIfInterrupted(): void {
  interrupted.throwIfAborted();
}

/**
 * From here on SIGINT, SIGTERM and SIGHUP end this process in order: the programs it runs are asked to end, once, and
 * whoever waits for them gets an InterruptedError. A second signal kills them and this process.
 */
export function handleSignals(): void {
  for (const name of handled) process.on(name, () => take(name));
}

/**
 * Registers a running program: signals end it, and if this process is killed, whoever takes over its locks ends it too.
 */
export function programStarted(program: RunningProgram): void {
  running.add(program);
  noteGroup(program.pid);
}

/** The program itself has ended. Resolves when all it started has too, if it was asked to end. */
export async function programEnded(program: RunningProgram): Promise<void> {
  await ending.get(program);
  running.delete(program);
  ending.delete(program);
  forgetGroup(program.pid);
}

/** Asks a program to end, once however often it is called, and kills what is left of it when its time is over. */
export function endProgram(program: RunningProgram): void {
  if (ending.has(program)) return;
  ending.set(program, endGroup(program.pid, { leaderAlone: isTerraform(program), graceMs }));
}

function isTerraform({ name }: RunningProgram): boolean {
  return name === 'terraform';
}

function take(by: NodeJS.Signals): void {
  if (interruptedBy === undefined) {
    interruptedBy = by;
    interruptedAt = performance.now();
    console.error(`\n${by}: ${whatEnds()}; once more ends it at once.`);
    controller.abort(new InterruptedError(by));
    for (const program of running) endProgram(program);
  } else if (performance.now() - interruptedAt > sameWishMs) {
    interruptedAt = Infinity;
    void force(by);
  }
}

function whatEnds(): string {
  const names = [...new Set([...running].map(({ name }) => name))];
  if (names.length === 0) return 'stopping';
  const one = names.length === 1;
  const state = one ? ' and written its state' : ", and Terraform's state is written";
  return `stopping, when ${names.join(' and ')} ${one ? 'has' : 'have'} ended${names.includes('terraform') ? state : ''}`;
}

/** Programs that run others are asked once more: it is their second time too. Then all are killed, and so is this one. */
async function force(by: NodeJS.Signals): Promise<void> {
  for (const program of running) signal(-program.pid, isTerraform(program) ? 'SIGKILL' : 'SIGTERM');
  await untilAllGone();
  for (const { pid } of running) signal(-pid, 'SIGKILL');
  await untilAllGone();
  process.exit(exitCodeOf(by));
}

async function untilAllGone(): Promise<void> {
  const deadline = performance.now() + forcedGraceMs;
  const isLeft = (): boolean => [...running].some(({ pid }) => membersOf(pid).length > 0);
  while (isLeft() && performance.now() < deadline) await delay(50);
}
