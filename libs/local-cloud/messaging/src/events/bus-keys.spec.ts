import { specKeys } from '@outbox/local-cloud-testing';
import { ACCOUNT, REGION, startSpecEngine } from '../testing/spec-engine';

const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/events`;

it('opens the key of a bus once for all entries of a call, and again for the next call', async () => {
  const engine = await startSpecEngine({ services: [specKeys()] });
  await engine.call('events', 'CreateEventBus', { Name: 'orders', KmsKeyIdentifier: KEY });
  const opened = (): number => engine.asked.filter(({ requirement }) => requirement.action === 'kms:Decrypt').length;
  const before = opened();
  const entry = { EventBusName: 'orders', Source: 'orders', DetailType: 'OrderCreated', Detail: '{}' };

  await engine.call('events', 'PutEvents', { Entries: [entry, entry, entry] });
  expect(opened() - before).toBe(1);
  await engine.call('events', 'PutEvents', { Entries: [entry] });
  expect(opened() - before).toBe(2);
  await engine.stop();
});

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_UpdateEventBus.html, KmsKeyIdentifier */
it('takes the key away from a bus when an update names none', async () => {
  const engine = await startSpecEngine({ services: [specKeys()] });
  await engine.call('events', 'CreateEventBus', { Name: 'orders', KmsKeyIdentifier: KEY });

  await engine.call('events', 'UpdateEventBus', { Name: 'orders' });

  expect(await engine.call('events', 'DescribeEventBus', { Name: 'orders' })).toMatchObject({
    KmsKeyIdentifier: undefined,
  });
  await engine.stop();
});
