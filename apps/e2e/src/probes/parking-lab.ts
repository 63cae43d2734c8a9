import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { waitFor } from '../chaos/wait';
import type { Workbench } from './workbench';

const MAPPING_MS = 180_000;
const EMPTY_MS = 180_000;

/** A queue whose function parks each message once. */
export class ParkingLab {
  private constructor(
    private readonly bench: Workbench,
    private readonly queueUrl: string,
  ) {}

  /** `visibilitySeconds` is how long a message would stay hidden if nobody changed it. */
  static async build(bench: Workbench, visibilitySeconds: number): Promise<ParkingLab> {
    const name = `${bench.prefix}-park`;
    const { QueueUrl = '' } = await bench.sqs.send(
      new CreateQueueCommand({ QueueName: name, Attributes: { VisibilityTimeout: String(visibilitySeconds) } }),
    );
    bench.onClose(() => bench.sqs.send(new DeleteQueueCommand({ QueueUrl })));
    const queue = bench.arn('sqs', name);
    const role = await bench.role('park', 'lambda.amazonaws.com', [
      {
        Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ChangeMessageVisibility'],
        Resource: [queue],
      },
    ]);
    const functionArn = await bench.function('park', role);
    const map = new CreateEventSourceMappingCommand({
      EventSourceArn: queue,
      FunctionName: functionArn,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    const { UUID } = await bench.onceRoleIsKnown(role, () => bench.lambda.send(map));
    bench.onClose(() => bench.lambda.send(new DeleteEventSourceMappingCommand({ UUID })));
    const enabled = async (): Promise<boolean> =>
      (await bench.lambda.send(new GetEventSourceMappingCommand({ UUID }))).State === 'Enabled';
    await waitFor('the mapping is enabled', enabled, MAPPING_MS);
    return new ParkingLab(bench, QueueUrl);
  }

  /** Sends a message that is parked for `seconds` when it is first received; answers after how many seconds it was gone. */
  async park(seconds: number): Promise<number> {
    const startedAt = performance.now();
    const MessageBody = JSON.stringify({ queueUrl: this.queueUrl, seconds });
    await this.bench.sqs.send(new SendMessageCommand({ QueueUrl: this.queueUrl, MessageBody }));
    await waitFor('the parked message is done', async () => (await this.#messages()) === 0, EMPTY_MS);
    return (performance.now() - startedAt) / 1000;
  }

  async #messages(): Promise<number> {
    const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    const { Attributes } = await this.bench.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: this.queueUrl, AttributeNames: [...AttributeNames] }),
    );
    return AttributeNames.reduce((sum, name) => sum + Number(Attributes?.[name]), 0);
  }
}
