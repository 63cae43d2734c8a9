import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from './settings.ts';

/** What Terraform last did to a local stack. It is written before Terraform begins, so that a kill leaves its mark. */
export interface StackRecord {
  readonly change: 'apply' | 'destroy';
  readonly finished: boolean;
  /** Terraform ended by itself, with an error: it knows of everything it made. */
  readonly failed?: boolean;
  /** Whether the whole stack was there before: only then can it hold anything that somebody put into it. */
  readonly hadStack: boolean;
}

export function recordFile({ localDirectory }: Settings): string {
  return join(localDirectory, 'last-change.json');
}

/** The record; undefined when Terraform has done nothing here, or the file can't be read. */
export function readRecord(settings: Settings): StackRecord | undefined {
  try {
    return JSON.parse(readFileSync(recordFile(settings), 'utf8')) as StackRecord;
  } catch {
    return undefined;
  }
}

/** Whether Terraform was ended before it was done, and may have made what it doesn't know of. */
export function wasStopped({ finished, failed = false }: StackRecord): boolean {
  return !finished && !failed;
}

/** Records that Terraform begins. Returns what records how it ended. */
export function recordChange(settings: Settings, change: StackRecord['change']): (end: 'finished' | 'failed') => void {
  const before = readRecord(settings);
  const hadStack = before !== undefined && (before.hadStack || (before.finished && before.change === 'apply'));
  const write = (end: Pick<StackRecord, 'finished' | 'failed'>): void => {
    const file = recordFile(settings);
    mkdirSync(settings.localDirectory, { recursive: true });
    writeFileSync(`${file}.new`, JSON.stringify({ change, ...end, hadStack }));
    renameSync(`${file}.new`, file);
  };
  write({ finished: false });
  return (end) => write({ finished: end === 'finished', failed: end === 'failed' });
}
