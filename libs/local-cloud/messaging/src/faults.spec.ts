import { ROOT, specKeys } from '@outbox/local-cloud-testing';
import type { Caller } from '@outbox/local-cloud-kernel';
import { startSpecEngine, type SpecEngine } from './testing/spec-engine';

const role: Caller = { ...ROOT, kind: 'role', arn: 'arn:aws:sts::000000000000:assumed-role/r/s' };

describe('messaging under faults', () => {
  let engine: SpecEngine;
  let QueueUrl: string | undefined;

  beforeEach(async () => {
    engine = await startSpecEngine({ services: [specKeys()] });
    ({ QueueUrl } = await engine.call('sqs', 'CreateQueue', { QueueName: 'q' }));
  });
  afterEach(() => engine.stop());

  const strike = (rates: Record<string, number>, seed = 1) => engine.faults.configure({ seed, rates });
  const send = (caller = role) => engine.call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'x' }, caller);
  const receive = async () => (await engine.call('sqs', 'ReceiveMessage', { QueueUrl }, role)).Messages ?? [];
  const putEvents = (count: number) => {
    const Entries = Array.from({ length: count }, (_, n) => ({ Source: 's', DetailType: `t-${n}`, Detail: '{}' }));
    return engine.call('events', 'PutEvents', { Entries }, role);
  };

  it('fails some entries of a PutEvents and keeps every other one at its place', async () => {
    strike({ 'partial-put-events': 1 }, 5);
    const { Entries = [], FailedEntryCount } = await putEvents(10);

    const failed = Entries.filter((entry) => entry.ErrorCode === 'InternalFailure');
    expect(FailedEntryCount).toBe(failed.length);
    expect(failed.length).toBeGreaterThan(0);
    expect(Entries).toHaveLength(10);
    for (const { ErrorCode, EventId } of Entries) expect([ErrorCode, EventId]).toContain(undefined);
  });

  it('hands a received message to a second receiver', async () => {
    await send(ROOT);
    strike({ 'duplicate-delivery': 1 });
    const [first] = await receive();
    const [second] = await receive();
    expect(first?.MessageId).toBeDefined();
    expect(second?.MessageId).toBe(first?.MessageId);
  });

  it('holds a sent message back', async () => {
    strike({ 'reorder-delivery': 1 });
    await send();
    expect(await receive()).toEqual([]);
    engine.clock.advance(3_000);
    expect(await receive()).toHaveLength(1);
  });

  it('keeps a queue out for some calls, counted once, and others working', async () => {
    strike({ 'queue-outage': 1 });
    for (let call = 0; call < 60; call++) await expect(send()).rejects.toMatchObject({ code: 'InternalFailure' });
    expect(await receive()).toEqual([]);
    expect(engine.faults.counts()['queue-outage']).toBeGreaterThan(1);
    expect(engine.faults.counts()['queue-outage']).toBeLessThan(30);
    await expect(putEvents(1)).resolves.toMatchObject({ FailedEntryCount: 0 });
  });

  it('keeps the bus out, and queues working', async () => {
    strike({ 'bus-outage': 1 });
    await expect(send()).resolves.toHaveProperty('MessageId');
    await expect(putEvents(1)).rejects.toMatchObject({ code: 'InternalFailure' });
  });

  it('denies no event its dead-letter queue after its target', async () => {
    strike({ deny: 1 });
    const events: Caller = { ...role, kind: 'service', arn: 'events.amazonaws.com', service: 'events.amazonaws.com' };
    const MessageAttributes = { ERROR_CODE: { DataType: 'String', StringValue: 'x' } };
    const letter = { QueueUrl, MessageBody: 'x', MessageAttributes };
    await expect(engine.call('sqs', 'SendMessage', letter, events)).resolves.toHaveProperty('MessageId');
    await expect(send(events)).rejects.toMatchObject({ code: 'AccessDeniedException' });
  });
});
