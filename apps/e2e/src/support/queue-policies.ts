import { GetQueueAttributesCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { aws, type Consumer } from './stack';

/** Takes the policies of a consumer's queues away, so that no rule may send to them. Returns what gives them back. */
export async function takePolicies(
  consumer: Consumer,
  queues: readonly ('queue_url' | 'dlq_url')[],
): Promise<() => Promise<void>> {
  const taken = new Map<string, string>();
  for (const queue of queues) {
    const QueueUrl = consumer[queue];
    const { Attributes } = await aws.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Policy'] }));
    taken.set(QueueUrl, Attributes?.['Policy'] ?? '');
    await setPolicy(QueueUrl, '');
  }
  return async () => {
    for (const [url, policy] of taken) await setPolicy(url, policy);
  };
}

async function setPolicy(QueueUrl: string, Policy: string): Promise<void> {
  await aws.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
}
