import { createFunction, startSpecEngine, until, type SpecEngine } from '../../testing/spec-engine';
import { specLogs } from '../../testing/spec-logs';
import { Processors } from '../../runtime/processors';
import { QUEUE_ARN, specQueue } from '../../testing/spec-queue';

const logs = specLogs();
const queue = specQueue(() => spec);
let spec: SpecEngine;

/** Logs each event, and fails or reports what the bodies say. */
const CODE = `exports.handler = async (event) => {
  console.log(JSON.stringify(event));
  if (event.Records.some((r) => r.body === 'throw')) throw new Error('boom');
  const failed = event.Records.filter((r) => r.body === 'fail');
  return { batchItemFailures: failed.map((r) => ({ itemIdentifier: r.messageId })) };
}`;

beforeAll(async () => {
  spec = await startSpecEngine([logs.service, queue.service]);
  await createFunction(spec, 'consumer', CODE);
});
afterAll(() => spec.close());

type Options = Omit<Parameters<typeof spec.call<'lambda', 'CreateEventSourceMapping'>>[2], 'FunctionName'>;

/** Runs `action` with a mapping that is deleted afterwards. */
async function withMapping(options: Options, action: (uuid: string) => Promise<void>): Promise<void> {
  const created = await spec.call('lambda', 'CreateEventSourceMapping', {
    FunctionName: 'consumer',
    EventSourceArn: QUEUE_ARN,
    ...options,
  });
  expect(created.State).toBe('Creating');
  const UUID = created.UUID ?? '';
  spec.clock.advance(1000);
  expect((await spec.call('lambda', 'GetEventSourceMapping', { UUID })).State).toBe('Enabled');
  try {
    await action(UUID);
  } finally {
    spec.clock.advance(1000);
    expect((await spec.call('lambda', 'DeleteEventSourceMapping', { UUID })).State).toBe('Deleting');
    await until(async () => {
      spec.clock.advance(1000);
      return spec.call('lambda', 'GetEventSourceMapping', { UUID }).then(
        () => false,
        (error: { code?: string }) => error.code === 'ResourceNotFoundException',
      );
    });
  }
}

function events(): { Records: Record<string, unknown>[] }[] {
  return logs
    .messages('/aws/lambda/consumer')
    .filter((line) => line.includes('{"Records"'))
    .map((line) => JSON.parse(line.slice(line.indexOf('{'))) as { Records: Record<string, unknown>[] });
}

const reporting: Options = { FunctionResponseTypes: ['ReportBatchItemFailures'] };

describe('an event source mapping of a queue', () => {
  it('hands a batch over as AWS does, and deletes it as the function’s role', async () => {
    await withMapping({}, async () => {
      const ids = queue.put(spec, 'one', 'two');
      await until(() => ids.every((id) => queue.deleted.includes(id)));
      await until(() => events().length > 0);
      expect(events()[0]?.Records[0]).toEqual({
        messageId: ids[0],
        receiptHandle: `r-${ids[0]}`,
        body: 'one',
        attributes: {
          SentTimestamp: '1',
          ApproximateReceiveCount: '1',
          SenderId: 's',
          ApproximateFirstReceiveTimestamp: '2',
        },
        messageAttributes: {
          kind: { stringValue: 'test', stringListValues: [], binaryListValues: [], dataType: 'String' },
        },
        md5OfBody: 'f97c5d29941bfb1b2fdab0874906ab82',
        eventSource: 'aws:sqs',
        eventSourceARN: QUEUE_ARN,
        awsRegion: 'us-east-1',
      });
      expect(events()[0]?.Records).toHaveLength(2);
      expect(spec.asked.findLast(({ requirement }) => requirement.action === 'sqs:DeleteMessage')?.caller.kind).toBe(
        'role',
      );
    });
  });

  it('keeps what the function reports as failed', async () => {
    await withMapping(reporting, async () => {
      const [good, bad, last] = queue.put(spec, 'good', 'fail', 'last');
      await until(() => queue.deleted.includes(last ?? ''));
      expect(queue.deleted).toContain(good);
      expect(queue.deleted).not.toContain(bad);
    });
  });

  it('hands over what its filter lets pass, and deletes the rest', async () => {
    const FilterCriteria = { Filters: [{ Pattern: '{"body":{"type":["wanted"]}}' }] };
    await withMapping({ FilterCriteria }, async (UUID) => {
      expect((await spec.call('lambda', 'GetEventSourceMapping', { UUID })).FilterCriteria).toEqual(FilterCriteria);
      const before = events().length;
      const ids = queue.put(spec, '{"type":"other"}', 'plain', '{"type":"wanted"}');
      await until(() => ids.every((id) => queue.deleted.includes(id)));
      await until(() => events().length > before);
      expect(
        events()
          .slice(before)
          .flatMap(({ Records }) => Records.map((record) => record['body'])),
      ).toEqual(['{"type":"wanted"}']);
    });
  });

  it('keeps the batch of a function that throws, says so, and goes on', async () => {
    await withMapping(reporting, async (UUID) => {
      const [bad] = queue.put(spec, 'throw');
      await until(
        async () =>
          (await spec.call('lambda', 'GetEventSourceMapping', { UUID })).LastProcessingResult ===
          'PROBLEM: Function call failed',
      );
      const [good] = queue.put(spec, 'good');
      await until(() => queue.deleted.includes(good ?? ''));
      expect(queue.deleted).not.toContain(bad);
    });
  });

  it('gathers messages over its window, up to the batch size', async () => {
    await withMapping({ BatchSize: 20, MaximumBatchingWindowInSeconds: 60 }, async () => {
      const before = events().length;
      const ids = [...queue.put(spec, 'a'), ...queue.put(spec, ...Array.from({ length: 18 }, () => 'b'))];
      await new Promise((resolve) => setImmediate(resolve));
      expect(events()).toHaveLength(before);
      ids.push(...queue.put(spec, 'c'));
      await until(() => ids.every((id) => queue.deleted.includes(id)));
      await until(() => events().length > before);
      expect(
        events()
          .slice(before)
          .map((event) => event.Records.length),
      ).toEqual([20]);

      const [alone] = queue.put(spec, 'alone');
      await until(() => {
        spec.clock.advance(10_000);
        return queue.deleted.includes(alone ?? '');
      });
    });
  });

  it('leaves time between two batches on a machine without time left, and gets a larger one', async () => {
    const { clock } = spec;
    await withMapping({}, async () => {
      jest.spyOn(Processors.prototype, 'isBusy').mockReturnValue(true);
      jest.spyOn(clock, 'now').mockReturnValue(clock.now());
      let goOn: (() => void) | undefined;
      const paces = jest.spyOn(clock, 'sleep').mockImplementation(() => new Promise((resolve) => (goOn = resolve)));
      const [first] = queue.put(spec, 'first');
      await until(() => queue.deleted.includes(first ?? '') && goOn !== undefined);
      expect(paces).toHaveBeenLastCalledWith(100, expect.anything());
      const ids = [...queue.put(spec, 'second'), ...queue.put(spec, 'third')];
      jest.restoreAllMocks();
      goOn?.();
      const batches = () => events().map(({ Records }) => Records.map((record) => record['messageId']));
      await until(() => batches().some((batch) => batch.includes(ids[1])));
      expect(batches()).toContainEqual(ids);
    });
  });

  it('stops when it is disabled and goes on when it is enabled', async () => {
    await withMapping({}, async (UUID) => {
      await spec.call('lambda', 'UpdateEventSourceMapping', { UUID, Enabled: false });
      spec.clock.advance(1000);
      expect((await spec.call('lambda', 'GetEventSourceMapping', { UUID })).State).toBe('Disabled');
      const [id] = queue.put(spec, 'waits');
      expect(await spec.call('lambda', 'UpdateEventSourceMapping', { UUID, Enabled: true })).toMatchObject({
        State: 'Enabling',
      });
      await until(() => queue.deleted.includes(id ?? ''));
    });
  });

  it('is refused without permission, with too short a visibility timeout, twice, and with options that are not run', async () => {
    const create = (options: object) =>
      spec.call('lambda', 'CreateEventSourceMapping', {
        FunctionName: 'consumer',
        EventSourceArn: QUEUE_ARN,
        ...options,
      });
    spec.denied.add('sqs:ReceiveMessage');
    await expect(create({})).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
      message: 'The provided execution role does not have permissions to call ReceiveMessage on SQS',
    });
    spec.denied.clear();
    queue.attributes['VisibilityTimeout'] = '2';
    await expect(create({})).rejects.toMatchObject({
      message: 'Queue visibility timeout: 2 seconds is less than Function timeout: 3 seconds',
    });
    queue.attributes['VisibilityTimeout'] = '30';
    await expect(create({ BatchSize: 11 })).rejects.toMatchObject({ code: 'InvalidParameterValueException' });
    await expect(create({ FilterCriteria: { Filters: [{ Pattern: '{}' }] } })).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
      message: 'Invalid filter pattern definition.',
    });
    const SourceAccessConfigurations = [{ Type: 'BASIC_AUTH' as const, URI: 'secret' }];
    await expect(create({ SourceAccessConfigurations })).rejects.toMatchObject({ code: 'UnsupportedOperation' });
    await withMapping({}, async () => {
      await expect(create({})).rejects.toMatchObject({ code: 'ResourceConflictException' });
    });
  });
});
