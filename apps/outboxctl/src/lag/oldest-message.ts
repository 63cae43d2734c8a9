import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { queueName } from '../queue';
import { lastPeriods, readFigures } from '../statistics';

/** SQS reports each minute, with a delay of a few. */
const AGE_PERIOD_SECONDS = 60;
const AGE_PERIODS = 10;

/** Seconds that the oldest message of a queue has waited, of the minutes before `now`, the newest first. */
export async function oldestMessageAges(
  cloudwatch: CloudWatchClient,
  queueUrl: string,
  now: number,
): Promise<readonly number[]> {
  const age = {
    namespace: 'AWS/SQS',
    name: 'ApproximateAgeOfOldestMessage',
    dimensions: { QueueName: queueName(queueUrl) },
    stat: 'Maximum',
    periodSeconds: AGE_PERIOD_SECONDS,
  };
  const [ages = []] = await readFigures(cloudwatch, [age], lastPeriods(now, AGE_PERIOD_SECONDS, AGE_PERIODS));
  return ages;
}
