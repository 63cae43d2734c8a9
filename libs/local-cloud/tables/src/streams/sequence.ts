/** Sequence numbers have 21 digits at least (DynamoDB Streams API reference); what comes later has a higher one. */
const DIGITS = 20;
const FIRST_DIGIT = '1';

export function formatSequence(sequence: number): string {
  return FIRST_DIGIT + String(sequence).padStart(DIGITS, '0');
}

/** Undefined for a text that is none of ours. */
export function readSequence(text: string): number | undefined {
  const sequence = Number(text.slice(1));
  return text.startsWith(FIRST_DIGIT) && text.length === DIGITS + 1 && Number.isSafeInteger(sequence)
    ? sequence
    : undefined;
}
