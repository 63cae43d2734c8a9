import { InvalidEventPattern } from './errors';

/** The literal runs between the stars; one run alone means no star. */
export type Wildcard = readonly string[];

/**
 * EventBridge refuses patterns whose state machine would grow too large. Its exact measure is not published; more than
 * five stars in one pattern is what is known to be refused.
 */
const MAX_STARS = 5;

/**
 * `*` is any run of characters, `\*` and `\\` are literals.
 * @throws InvalidEventPattern for `**`, other escapes, and too many stars. Positions count AWS's opening quote.
 */
export function parseWildcard(text: string): Wildcard {
  const runs: string[] = [];
  let run = '';
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '\\') {
      const escaped = text.charAt(at + 1);
      if (escaped !== '*' && escaped !== '\\')
        throw new InvalidEventPattern(`Invalid escape character at pos ${at + 1}`);
      run += escaped;
      at++;
    } else if (character === '*') {
      if (text.charAt(at + 1) === '*')
        throw new InvalidEventPattern(`Consecutive wildcard characters at pos ${at + 1}`);
      runs.push(run);
      run = '';
    } else {
      run += character;
    }
  }
  runs.push(run);
  if (runs.length - 1 > MAX_STARS) {
    throw new InvalidEventPattern(
      'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character',
    );
  }
  return runs;
}

export function wildcardMatches(runs: Wildcard, text: string): boolean {
  const [first = '', ...others] = runs;
  const last = others.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const run of others) {
    const found = text.indexOf(run, at);
    if (found < 0) return false;
    at = found + run.length;
  }
  return text.length - at >= last.length && text.endsWith(last);
}
