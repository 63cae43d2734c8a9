import { after, before, test } from 'node:test';
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { startLocalCloud } from 'local-cloud';

let cloud;
before(async () => {
  cloud = await startLocalCloud();
});
after(() => cloud.stop());

test('the first queue gets its first message', async () => {
  const sqs = new SQSClient(cloud.aws());
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'first' }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{"type":"Created","id":7}' }));
  await cloud.expectMessage('first', { body: { type: 'Created' } }, { within: 5_000 });
});
