import { Option } from 'commander';
import type { CliContext } from './context';
import { spanOption } from './options';

const EVERY_SECONDS = 5;

/** `--watch [seconds]`: look again and again. */
export function watchOption(): Option {
  return new Option(
    '--watch [seconds]',
    `look again every so many seconds (${EVERY_SECONDS}) until it is interrupted`,
  ).argParser(spanOption);
}

/** What `--watch` gives. */
export interface WatchOptions {
  /** true: as often as usual. */
  readonly watch?: number | true;
}

/** Looks once, or again and again: on a terminal each look takes the place of the one before. */
export async function watching(
  { clear, sleep, print }: Pick<CliContext, 'clear' | 'sleep' | 'print'>,
  { watch }: WatchOptions,
  look: () => Promise<string>,
): Promise<void> {
  if (watch === undefined) return print(await look());
  for (;;) {
    const text = await look();
    clear?.();
    print(text);
    await sleep((watch === true ? EVERY_SECONDS : watch) * 1_000);
  }
}
