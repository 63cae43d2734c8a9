import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { eventually } from '@outbox/testing';
import { alarmStates, eventuallyAlarms, eventuallyHealthy } from './support/alarms';
import { eventuallyComplete } from './support/eventually-complete';
import { breakFunction, changeVariable, untilTakenBack } from './support/function-code';
import { cloud } from './support/local-cloud';
import { alarmMails } from './support/mailbox';
import { placeOrder } from './support/orders';
import { whilePipeStopped } from './support/pipe';
import { aws, consumerOf, readStack } from './support/stack';
import { advanceWhenIdle, messagesIn } from './support/under-way';

const stack = readStack();
const { unhealthy_alarm_name: unhealthy, alarm_names: alarms } = stack;
/** Alarms of one hour's datapoint also look at the hours before it, when the last one has none. */
const LONG_ENOUGH = 6 * 3_600_000;

/** Each trouble puts the alarm on that its runbook is about, and the alarm goes off when the trouble is over. */
describe('alarms', () => {
  beforeAll(async () => {
    // What the suite did before doesn't count.
    await advanceWhenIdle(stack, LONG_ENOUGH);
    await eventuallyHealthy(stack);
  }, 180_000);

  it('tell of a stopped pipe, and whoever is on call by mail', async () => {
    const read = (await alarmMails()).length;
    await whilePipeStopped(stack, async () => {
      const { orderId } = await placeOrder(stack);
      await eventuallyAlarms({ [alarm('publish-lag')]: 'ALARM', [unhealthy]: 'ALARM' });
      // The topic is under the stack's key, and lets in this stack's alarms only.
      await expectMail(read, 'OK -> ALARM');
      // The sweeper publishes it, and in later runs what it led to.
      await eventuallyComplete(orderId);
    });

    await eventuallyAlarms({ [alarm('publish-lag')]: 'OK' });
    // The event counted as late, and that hour passes.
    await advanceWhenIdle(stack, LONG_ENOUGH);
    await eventuallyHealthy(stack);
    await expectMail(read, 'ALARM -> OK');
  }, 240_000);

  it('tell of poison in a queue', async () => {
    const { queue_url: QueueUrl } = consumerOf(stack, 'order-view');
    await aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'not json' }));
    // Before time is moved: past its visibility timeout the message would be delivered, and be late, again.
    await eventually(async () => expect(await messagesIn(QueueUrl)).toBe(0), patience);
    await eventuallyAlarms({ [alarm('order-view-dlq')]: 'ALARM', [unhealthy]: 'ALARM' });

    // A person looked at it: nothing to redrive. It counted as late, too.
    await advanceWhenIdle(stack, LONG_ENOUGH);
    await eventuallyHealthy(stack);
  }, 240_000);

  it('tell within two minutes of a consumer whose every attempt fails, though its function never does', async () => {
    // A carrier that nobody reaches.
    const { function_name: fulfilment } = consumerOf(stack, 'fulfilment');
    const takeBack = await changeVariable(fulfilment, 'CARRIER_URL', 'http://127.0.0.1:1');
    const orderId = await untilTakenBack(takeBack, async () => {
      const brokenAt = await cloud.now();
      const placed = await placeOrder(stack);
      await eventually(async () => {
        await cloud.advance(1_000);
        expect(await alarmStates([alarm('fulfilment-failing')])).toEqual({ [alarm('fulfilment-failing')]: 'ALARM' });
      }, patience);
      expect((await cloud.now()) - brokenAt).toBeLessThan(120_000);
      // The function itself ran without an error.
      expect(await alarmStates([alarm('fulfilment-errors')])).toEqual({ [alarm('fulfilment-errors')]: 'OK' });
      return placed.orderId;
    });

    await eventuallyComplete(orderId);
    await advanceWhenIdle(stack, LONG_ENOUGH);
    await eventuallyHealthy(stack);
  }, 240_000);

  it('tell of a broken function, of the event it held up, and of the objective', async () => {
    const takeBack = await breakFunction(consumerOf(stack, 'fulfilment').function_name);
    const orderId = await untilTakenBack(takeBack, async () => {
      const placed = await placeOrder(stack);
      await eventuallyAlarms({ [alarm('fulfilment-errors')]: 'ALARM', [unhealthy]: 'ALARM' });
      return placed.orderId;
    });

    await eventuallyComplete(orderId);
    await eventuallyAlarms({ [alarm('fulfilment-late')]: 'ALARM', [stack.objective_alarm_name]: 'ALARM' });

    await advanceWhenIdle(stack, LONG_ENOUGH);
    await eventuallyAlarms({ [alarm('fulfilment-errors')]: 'OK', [stack.objective_alarm_name]: 'OK' });
    await eventuallyHealthy(stack);
  }, 300_000);
});

const patience = { timeoutMs: 60_000, intervalMs: 250 };

function alarm(key: string): string {
  const name = alarms[key];
  if (name === undefined) throw new Error(`the stack has no alarm ${key}`);
  return name;
}

/** Whoever is on call hears of a change of the stack's health, in a mail that came after the first `read` ones. */
async function expectMail(read: number, change: 'OK -> ALARM' | 'ALARM -> OK'): Promise<void> {
  const subject = `${change.split(' ').at(-1)}: "${unhealthy}" in US East (N. Virginia)`;
  await eventually(async () => {
    expect((await alarmMails()).slice(read)).toContainEqual(
      expect.objectContaining({ subject, text: expect.stringContaining(change) }),
    );
  }, patience);
}
