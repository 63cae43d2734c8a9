import fc from 'fast-check';
import { EngineClock } from '@outbox/local-cloud-kernel';
import { ACCOUNT, startSpecEngine } from '../testing/spec-engine';

const MAX_RECEIVES = 3;
const VISIBILITY_SECONDS = 30;

type Step =
  | { readonly kind: 'send' }
  | { readonly kind: 'receive' }
  | { readonly kind: 'delete' | 'release'; readonly pick: number }
  | { readonly kind: 'wait'; readonly seconds: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom<Step>({ kind: 'send' }, { kind: 'receive' }),
  fc.record({ kind: fc.constantFrom('delete' as const, 'release' as const), pick: fc.nat(20) }),
  fc.record({ kind: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 40 }) }),
);

describe('a queue with a dead-letter queue, whatever its users do', () => {
  it('never loses a message, hands it to two at once, or hands it out too often', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const engine = await startSpecEngine({ clock: new EngineClock(0, () => 1_700_000_000_000) });
        const create = async (QueueName: string, Attributes = {}): Promise<string> =>
          (await engine.call('sqs', 'CreateQueue', { QueueName, Attributes })).QueueUrl ?? '';
        const dlq = await create('dlq');
        const deadLetterTargetArn = `arn:aws:sqs:us-east-1:${ACCOUNT}:dlq`;
        const QueueUrl = await create('main', {
          RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: MAX_RECEIVES }),
        });
        const now = (): number => engine.clock.now() / 1000;

        const alive = new Set<string>();
        const flights = new Map<string, { handle: string; until: number }>();
        const receives = new Map<string, number>();
        const flying = (pick: number) =>
          [...flights].filter(([, { until }]) => until > now()).at(pick % Math.max(1, flights.size));

        for (const next of steps) {
          if (next.kind === 'send') {
            const { MessageId = '' } = await engine.call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'x' });
            alive.add(MessageId);
          } else if (next.kind === 'receive') {
            const { Messages = [] } = await engine.call('sqs', 'ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 3 });
            for (const { MessageId = '', ReceiptHandle = '' } of Messages) {
              expect(flights.get(MessageId)?.until ?? 0).toBeLessThanOrEqual(now());
              flights.set(MessageId, { handle: ReceiptHandle, until: now() + VISIBILITY_SECONDS });
              receives.set(MessageId, (receives.get(MessageId) ?? 0) + 1);
              expect(receives.get(MessageId)).toBeLessThanOrEqual(MAX_RECEIVES);
            }
          } else if (next.kind === 'wait') {
            engine.clock.advance(next.seconds * 1000);
          } else {
            const flight = flying(next.pick);
            if (!flight) continue;
            const [id, { handle: ReceiptHandle }] = flight;
            flights.delete(id);
            if (next.kind === 'delete') {
              await engine.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle });
              alive.delete(id);
            } else {
              await engine.call('sqs', 'ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 });
            }
          }
        }

        const rest = new Set<string>();
        for (let round = 0; round <= MAX_RECEIVES; round++) {
          engine.clock.advance(VISIBILITY_SECONDS * 1000);
          await drain(QueueUrl);
        }
        async function drain(from: string): Promise<void> {
          for (;;) {
            const { Messages = [] } = await engine.call('sqs', 'ReceiveMessage', {
              QueueUrl: from,
              MaxNumberOfMessages: 10,
            });
            if (Messages.length === 0) return;
            if (from === dlq) for (const { MessageId = '' } of Messages) rest.add(MessageId);
          }
        }
        await drain(dlq);
        expect(rest).toEqual(alive);
        await engine.stop();
      }),
      { numRuns: 60 },
    );
  });
});
