import { Option } from 'commander';
import type { CliContext } from './context';
import { spanOption } from './options';
import { patiently, type PatientContext } from './patiently';

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

/**
 * Looks once, or again and again: on a terminal each look takes the place of the one before. Once something was seen, what
 * passes by itself doesn't end it.
 */
export async function watching(
  context: Pick<CliContext, 'clear' | 'print'> & PatientContext,
  { watch }: WatchOptions,
  look: () => Promise<string>,
): Promise<void> {
  const { clear, print, sleep } = context;
  let text = await look();
  if (watch === undefined) return print(text);
  for (;;) {
    clear?.();
    print(text);
    await sleep((watch === true ? EVERY_SECONDS : watch) * 1_000);
    text = await patiently(context, look);
  }
}
