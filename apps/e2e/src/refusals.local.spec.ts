import { CreateApiDestinationCommand } from '@aws-sdk/client-eventbridge';
import { SQSClient, ListQueuesCommand } from '@aws-sdk/client-sqs';
import { aws } from './support/stack';

describe('what the local cloud does not run', () => {
  it('is refused with AWS’s error shape, naming the operation', async () => {
    const call = aws.events.send(
      new CreateApiDestinationCommand({
        Name: 'x',
        ConnectionArn: 'arn:aws:events:us-east-1:000000000000:connection/x/y',
        InvocationEndpoint: 'https://example.com',
        HttpMethod: 'POST',
      }),
    );
    await expect(call).rejects.toMatchObject({
      name: 'UnsupportedOperation',
      message: expect.stringContaining('CreateApiDestination'),
    });
  });

  it('and a wrong secret is refused as AWS does', async () => {
    const stranger = new SQSClient({ credentials: { accessKeyId: '000000000000', secretAccessKey: 'wrong' } });
    await expect(stranger.send(new ListQueuesCommand({}))).rejects.toMatchObject({
      name: expect.stringMatching(/Signature/),
    });
  });
});
