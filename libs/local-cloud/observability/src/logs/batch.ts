import type { InputLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import { checkCount, checkNumber, checkText } from './constraints';
import { invalidParameter } from './errors';
import { BATCH_BYTES, BATCH_EVENTS, EVENT_OVERHEAD_BYTES } from './limits';

const DAY_MS = 86_400_000;

/**
 * Checks a batch as a whole, given which times are taken (epoch milliseconds); answers its bytes.
 * @throws AwsError InvalidParameterException for one that is empty, too large, out of order, or over more than a day
 */
export function checkBatch(events: readonly InputLogEvent[], oldest: number, newest: number): number {
  checkCount(events, 'logEvents', 1, BATCH_EVENTS);
  let bytes = 0;
  let previous = -Infinity;
  events.forEach(({ timestamp = 0, message = '' }, index) => {
    const member = `logEvents.${index + 1}.member`;
    checkNumber(timestamp, `${member}.timestamp`, 0);
    checkText(message, `${member}.message`, {});
    if (timestamp < previous) {
      throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
    }
    previous = timestamp;
    bytes += Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES;
  });
  if (bytes > BATCH_BYTES) throw invalidParameter(`Upload too large: ${bytes} bytes exceeds limit of ${BATCH_BYTES}`);
  // Of those that are too old or too new each is rejected by itself.
  const valid = events
    .map(({ timestamp = 0 }) => timestamp)
    .filter((timestamp) => timestamp >= oldest && timestamp <= newest);
  if ((valid.at(-1) ?? 0) - (valid[0] ?? 0) > DAY_MS) {
    throw invalidParameter('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.');
  }
  return bytes;
}
