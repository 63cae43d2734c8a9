import { readFileSync } from 'node:fs';

/** How processes hang together, as far as the machine tells; specs bring their own. */
export interface Processes {
  /** Id of this process's parent, now. */
  parent(): number;
  /** Id of another process's parent, now; undefined where that can't be told. */
  parentOf(pid: number): number | undefined;
  every(ms: number, look: () => void): { unref(): unknown };
}

const LOOK_EVERY_MS = 500;

/**
 * Tells once that npx, which started this process, is gone. npx runs a program by a shell and passes signals to that
 * shell alone, or none when it is killed: without this the program would go on with nobody in front of it. Started
 * otherwise the process has nobody in between, and may outlive whoever started it (nohup).
 */
export function watchNpx(
  environment: Readonly<Record<string, string | undefined>>,
  gone: () => void,
  processes: Processes = ofThisMachine,
): void {
  if (environment['npm_command'] !== 'exec') return;
  const shell = processes.parent();
  const npx = processes.parentOf(shell);
  let told = false;
  const look = (): void => {
    if (told || (processes.parent() === shell && processes.parentOf(shell) === npx)) return;
    told = true;
    gone();
  };
  processes.every(LOOK_EVERY_MS, look).unref();
}

const ofThisMachine: Processes = {
  parent: () => process.ppid,
  // Linux has it in a file; elsewhere the death of the shell is what is seen.
  parentOf: (pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // "pid (name) state ppid …", and a name may hold anything.
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    } catch {
      return undefined;
    }
  },
  every: (ms, look) => setInterval(look, ms),
};
