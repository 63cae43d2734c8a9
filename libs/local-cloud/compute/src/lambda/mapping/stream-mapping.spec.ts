import { AwsError } from '@outbox/local-cloud-kernel';
import { createFunction, startSpecEngine, until, type SpecEngine } from '../../testing/spec-engine';
import { specLogs } from '../../testing/spec-logs';
import { specQueue } from '../../testing/spec-queue';
import { specStream, STREAM_ARN } from '../../testing/spec-stream';

jest.setTimeout(30_000);

const DEAD = 'arn:aws:sqs:us-east-1:000000000000:dead';
const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:000000000000:function:consumer';
/** Logs each event, and fails or reports what the ids say. */
const CODE = `exports.handler = async (event) => {
  console.log(JSON.stringify(event));
  const idOf = (record) => record.dynamodb.Keys.pk.S;
  if (event.Records.some((record) => idOf(record).startsWith('throw'))) throw new Error('boom');
  if (event.Records.some((record) => idOf(record).startsWith('stranger'))) return { batchItemFailures: [{ itemIdentifier: '0' }] };
  const failed = event.Records.filter((record) => idOf(record).startsWith('fail'));
  return { batchItemFailures: failed.map((record) => ({ itemIdentifier: record.dynamodb.SequenceNumber })) };
}`;

describe('an event source mapping of a stream', () => {
  let spec: SpecEngine;
  let stream: ReturnType<typeof specStream>;
  let queue: ReturnType<typeof specQueue>;
  let logs: ReturnType<typeof specLogs>;

  beforeEach(async () => {
    stream = specStream();
    queue = specQueue(() => spec);
    logs = specLogs();
    spec = await startSpecEngine([logs.service, queue.service, stream.service]);
    await createFunction(spec, 'consumer', CODE);
  });
  afterEach(() => spec.close());

  type Options = Partial<Parameters<typeof spec.call<'lambda', 'CreateEventSourceMapping'>>[2]>;
  const create = (options: Options = {}) =>
    spec.call('lambda', 'CreateEventSourceMapping', {
      FunctionName: 'consumer',
      EventSourceArn: STREAM_ARN,
      StartingPosition: 'TRIM_HORIZON',
      ...options,
    });
  interface Event {
    readonly Records: readonly { readonly dynamodb: { readonly Keys: { readonly pk: { readonly S: string } } } }[];
  }
  const events = (): Event[] =>
    logs
      .messages('/aws/lambda/consumer')
      .filter((line) => line.includes('{"Records"'))
      .map((line) => JSON.parse(line.slice(line.indexOf('{'))) as Event);
  /** The ids of each batch, in order. */
  const batches = (): string[] =>
    events().map(({ Records }) => Records.map(({ dynamodb }) => dynamodb.Keys.pk.S).join(' '));
  const arrive = async (...expected: string[]): Promise<void> => {
    await until(() => {
      // Between retries the reader waits.
      spec.clock.advance(200);
      return batches().length >= expected.length;
    });
    expect(batches()).toEqual(expected);
  };
  const letters = () =>
    queue.sent.filter(({ url }) => url.endsWith('/dead')).map(({ body }) => JSON.parse(body) as object);

  // Recorded on AWS by LocalStack's test_dynamodb_event_source_mapping.
  it('shows AWS’s defaults, and what it is given', async () => {
    expect(await create({ MaximumRetryAttempts: 1 })).toMatchObject({
      BatchSize: 100,
      BisectBatchOnFunctionError: false,
      DestinationConfig: { OnFailure: {} },
      EventSourceArn: STREAM_ARN,
      FunctionArn: FUNCTION_ARN,
      FunctionResponseTypes: [],
      LastProcessingResult: 'No records processed',
      MaximumBatchingWindowInSeconds: 0,
      MaximumRecordAgeInSeconds: -1,
      MaximumRetryAttempts: 1,
      ParallelizationFactor: 1,
      StartingPosition: 'TRIM_HORIZON',
      State: 'Creating',
      StateTransitionReason: 'User action',
      TumblingWindowInSeconds: 0,
    });
  });

  it('hands records over as AWS does, those its filters let pass, and goes on where it stood', async () => {
    const Pattern = JSON.stringify({ dynamodb: { Keys: { pk: { S: [{ prefix: 'o-' }] } } } });
    stream.put(spec, 'x-1', 'o-1', 'o-2');
    const { UUID } = await create({ FilterCriteria: { Filters: [{ Pattern }] } });
    await arrive('o-1 o-2');
    expect(events()[0]?.Records[0]).toEqual({
      eventID: 'e-o-1',
      eventName: 'INSERT',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'us-east-1',
      dynamodb: {
        ApproximateCreationDateTime: expect.any(Number) as number,
        Keys: { pk: { S: 'o-1' } },
        NewImage: { pk: { S: 'o-1' } },
        SequenceNumber: '2',
        SizeBytes: 10,
        StreamViewType: 'NEW_IMAGE',
      },
      eventSourceARN: STREAM_ARN,
    });
    spec.clock.advance(1000);
    // The function has logged the batch; the mapping knows a moment later that it is done.
    await until(
      async () => (await spec.call('lambda', 'GetEventSourceMapping', { UUID })).LastProcessingResult === 'OK',
    );
    await spec.call('lambda', 'UpdateEventSourceMapping', { UUID, Enabled: false });
    spec.clock.advance(1000);
    stream.put(spec, 'o-3');
    await spec.call('lambda', 'UpdateEventSourceMapping', { UUID, Enabled: true });
    await arrive('o-1 o-2', 'o-3');
    expect(await spec.call('lambda', 'GetEventSourceMapping', { UUID })).toMatchObject({ LastProcessingResult: 'OK' });
    expect(spec.metrics.samples.some(({ name }) => name === 'IteratorAge')).toBe(true);
  });

  it('begins with what comes after it, where it is to', async () => {
    stream.put(spec, 'old');
    spec.clock.advance(120_000);
    await create({ StartingPosition: 'LATEST' });
    stream.put(spec, 'new');
    await arrive('new');
  });

  it('halves a batch that fails, and tells its destination of the record that does', async () => {
    const numbers = stream.put(spec, 'a', 'b', 'throw', 'c');
    const DestinationConfig = { OnFailure: { Destination: DEAD } };
    await create({ BisectBatchOnFunctionError: true, MaximumRetryAttempts: 1, DestinationConfig });
    await arrive('a b throw c', 'a b', 'throw c', 'throw', 'throw', 'c');
    await until(() => letters().length > 0);
    // Recorded on AWS by LocalStack's test_dynamodb_event_source_mapping_with_on_failure_destination_config.
    expect(letters()).toEqual([
      {
        requestContext: {
          requestId: expect.stringMatching(/^[\da-f-]{36}$/) as string,
          functionArn: FUNCTION_ARN,
          condition: 'RetryAttemptsExhausted',
          approximateInvokeCount: 4,
        },
        responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
        version: '1.0',
        timestamp: expect.any(String) as string,
        DDBStreamBatchInfo: {
          shardId: 'shard-1',
          startSequenceNumber: numbers[2],
          endSequenceNumber: numbers[2],
          approximateArrivalOfFirstRecord: expect.stringMatching(/^[\dT:-]{19}Z$/) as string,
          approximateArrivalOfLastRecord: expect.stringMatching(/^[\dT:-]{19}Z$/) as string,
          batchSize: 1,
          streamArn: STREAM_ARN,
        },
      },
    ]);
  });

  it('goes on with the first record the function reports, without those before', async () => {
    stream.put(spec, 'a', 'fail', 'b');
    const DestinationConfig = { OnFailure: { Destination: DEAD } };
    const FunctionResponseTypes = ['ReportBatchItemFailures' as const];
    await create({ FunctionResponseTypes, MaximumRetryAttempts: 2, DestinationConfig });
    await arrive('a fail b', 'fail b', 'fail b');
    await until(() => letters().length > 0);
    expect(letters()).toMatchObject([
      {
        requestContext: { approximateInvokeCount: 3 },
        responseContext: { functionError: null },
        DDBStreamBatchInfo: { batchSize: 2 },
      },
    ]);
  });

  it('takes a report of a stranger for a batch that failed as a whole', async () => {
    stream.put(spec, 'a', 'stranger');
    await create({ FunctionResponseTypes: ['ReportBatchItemFailures'], MaximumRetryAttempts: 1 });
    await arrive('a stranger', 'a stranger');
  });

  it('gives up records that are too old', async () => {
    stream.put(spec, 'old');
    spec.clock.advance(120_000);
    const DestinationConfig = { OnFailure: { Destination: DEAD } };
    await create({ MaximumRecordAgeInSeconds: 60, DestinationConfig });
    await until(() => letters().length > 0);
    expect(letters()).toMatchObject([
      { requestContext: { condition: 'RecordAgeExceeded', approximateInvokeCount: 0 } },
    ]);
    expect(letters()[0]).not.toHaveProperty('responseContext');
    expect(batches()).toEqual([]);
  });

  it('doesn’t count what was throttled as a retry', async () => {
    await spec.call('lambda', 'PutFunctionConcurrency', { FunctionName: 'consumer', ReservedConcurrentExecutions: 0 });
    stream.put(spec, 'a');
    const { UUID } = await create({ MaximumRetryAttempts: 0 });
    await until(async () => {
      spec.clock.advance(200);
      const { LastProcessingResult } = await spec.call('lambda', 'GetEventSourceMapping', { UUID });
      return LastProcessingResult === 'PROBLEM: Function call was throttled';
    });
    await spec.call('lambda', 'DeleteFunctionConcurrency', { FunctionName: 'consumer' });
    await arrive('a');
  });

  describe('is refused', () => {
    const invalid = (message: string) => ({ code: 'InvalidParameterValueException', message });

    // Recorded on AWS by LocalStack's test_create_event_source_validation and its neighbours.
    it.each<[string, Options, string]>([
      [
        'without a start',
        { StartingPosition: undefined },
        "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.",
      ],
      [
        'from a time',
        { StartingPosition: 'AT_TIMESTAMP' },
        `Unsupported starting position for arn type: ${STREAM_ARN}`,
      ],
      ['of a stream that does not exist', { EventSourceArn: `${STREAM_ARN}1` }, `Stream not found: ${STREAM_ARN}1`],
      [
        'with a filter that is none',
        { FilterCriteria: { Filters: [{ Pattern: '{' }] } },
        'Invalid filter pattern definition.',
      ],
    ])('%s', async (_, options, message) => {
      await expect(create(options)).rejects.toMatchObject(invalid(message));
    });

    it('for a role that may not read the stream, or not tell of failures', async () => {
      spec.denied.add('dynamodb:GetRecords');
      await expect(create()).rejects.toMatchObject(
        invalid(
          `Cannot access stream ${STREAM_ARN}. Please ensure the role can perform the GetRecords, GetShardIterator, DescribeStream, and ListStreams Actions on your stream in IAM.`,
        ),
      );
      spec.denied.clear();
      spec.denied.add('sqs:SendMessage');
      await expect(create({ DestinationConfig: { OnFailure: { Destination: DEAD } } })).rejects.toMatchObject(
        invalid(`The function's execution role does not have permissions to call SendMessage on ${DEAD}`),
      );
    });

    it('twice', async () => {
      const { UUID = '' } = await create();
      await expect(create()).rejects.toMatchObject({
        code: 'ResourceConflictException',
        message: `The event source arn (" ${STREAM_ARN} ") and function (" consumer ") provided mapping already exists. Please update or delete the existing mapping with UUID ${UUID}`,
      });
    });

    it('with what isn’t run', async () => {
      const unsupported = { code: 'UnsupportedOperation' };
      await expect(create({ TumblingWindowInSeconds: 5 })).rejects.toMatchObject(unsupported);
      await expect(create({ ScalingConfig: { MaximumConcurrency: 2 } })).rejects.toBeInstanceOf(AwsError);
      const Destination = 'arn:aws:s3:::bucket';
      await expect(create({ DestinationConfig: { OnFailure: { Destination } } })).rejects.toMatchObject(unsupported);
    });
  });
});
