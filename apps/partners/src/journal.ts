import { closeSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Entry } from './entry';

/** The journal holds a line that is no entry. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
}

/**
 * A file that entries are added to, one line of JSON each. An entry is with the operating system once `add` returns, so a
 * kill of this process loses none.
 */
export class Journal {
  readonly #descriptor: number;

  /**
   * Opens the file, or makes it and its folder. A last line that a kill cut off is removed.
   * @param onEntry gets every entry that is there, oldest first
   * @throws JournalError naming file and line that can't be read
   */
  constructor(file: string, onEntry: (entry: Entry) => void) {
    mkdirSync(dirname(file), { recursive: true });
    this.#descriptor = openSync(file, 'a+');
    const bytes = readFileSync(file);
    const end = bytes.lastIndexOf('\n') + 1;
    if (end < bytes.length) truncateSync(file, end);
    const lines = bytes.toString('utf8', 0, end).split('\n').slice(0, -1);
    for (const [index, line] of lines.entries()) onEntry(parse(line, `${file}:${index + 1}`));
  }

  add(entry: Entry): void {
    writeSync(this.#descriptor, `${JSON.stringify(entry)}\n`);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

function parse(line: string, place: string): Entry {
  try {
    return JSON.parse(line) as Entry;
  } catch (cause) {
    throw new JournalError(`${place} is no JSON: remove the file to start without what it remembers`, { cause });
  }
}
