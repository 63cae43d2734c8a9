import type { DeadLetterView } from '@outbox/console-api';

/** Dead letters of one consumer that died of the same. */
export interface LetterGroup {
  readonly key: string;
  readonly consumer: string;
  readonly reason: string;
  /** What was said of the first, without what differs from one to the next. */
  readonly pattern: string;
  readonly letters: readonly DeadLetterView[];
  /** Whether no other group of the consumer has its reason. */
  readonly isWholeReason: boolean;
}

/** Groups by consumer, reason and what the detail says; the largest first. */
export function groupLetters(letters: readonly DeadLetterView[]): readonly LetterGroup[] {
  const groups = new Map<string, DeadLetterView[]>();
  for (const letter of letters) {
    const key = keyOf(letter);
    groups.set(key, [...(groups.get(key) ?? []), letter]);
  }
  return [...groups]
    .map(([key, all]): LetterGroup => {
      const { consumer = '', reason = '', detail = '' } = all[0] ?? {};
      const ofReason = letters.filter((letter) => letter.consumer === consumer && letter.reason === reason);
      const isWholeReason = ofReason.length === all.length;
      return { key, consumer, reason, pattern: patternOf(detail), letters: all, isWholeReason };
    })
    .sort((a, b) => b.letters.length - a.letters.length || a.key.localeCompare(b.key));
}

/** A detail without ids and numbers, which differ from one letter to the next. */
export function patternOf(detail: string): string {
  return detail
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, '…')
    .replace(/\d+/g, '…')
    .replace(/…(\W…)+/g, '…');
}

function keyOf({ consumer, reason, detail = '' }: DeadLetterView): string {
  return JSON.stringify([consumer, reason, patternOf(detail)]);
}
