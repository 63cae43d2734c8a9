import type { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { createEventBus } from './event-bus';
import { readSweepInput } from './sweep-input';
import { createWorkers } from './workers';

const ALIAS = 'arn:aws:lambda:eu-west-1:111122223333:function:sweeper:live';
const share = {
  keys: [{ pk: 'parcel#a', sk: 'EVENT#0000000001', dueAt: 'x' }],
  now: Date.UTC(2026, 0, 1),
  deadline: 5,
};

describe('workers of a sweep', () => {
  it('are the function itself, under the alias that it was invoked by, with the share', async () => {
    const report = { published: 1 };
    const { work, invoked } = workers(() => ({ Payload: Buffer.from(JSON.stringify(report)) }));
    expect(await work(share)).toEqual(report);
    expect(invoked).toHaveLength(1);
    expect(invoked[0]?.FunctionName).toBe(ALIAS);
    expect(readSweepInput(JSON.parse(String(invoked[0]?.Payload)))).toEqual({ kind: 'share', share });
  });

  it.each(['TooManyRequestsException', 'RequestTooLargeException'])(
    'tell a share that was not begun: %s',
    async (name) => {
      const { work } = workers(() => {
        throw Object.assign(new Error('no'), { name });
      });
      expect(await work(share)).toBeUndefined();
    },
  );

  it('tell a share that failed, with what the worker said', async () => {
    const failed = { FunctionError: 'Unhandled', Payload: Buffer.from('{"errorMessage":"out of memory"}') };
    await expect(workers(() => failed).work(share)).rejects.toThrow('out of memory');
    const gone = workers(() => {
      throw Object.assign(new Error('denied'), { name: 'AccessDeniedException' });
    });
    await expect(gone.work(share)).rejects.toThrow('denied');
  });
});

describe('the event bus', () => {
  const entries = [
    { type: 'A', detail: '{}' },
    { type: 'B', detail: '{}' },
  ];
  const bus = (answer: (command: PutEventsCommand) => unknown) =>
    createEventBus(() => ({ send: (command: PutEventsCommand) => Promise.resolve(command).then(answer) }) as never, {
      eventBusName: 'bus',
      eventSource: 's',
    });

  it('tells what it refuses for what an entry holds from what says nothing of it', async () => {
    const codes = [
      ...['ThrottlingException', 'InternalFailure', 'AccessDeniedException', 'NotAuthorizedForSourceException'],
      ...['NotAuthorizedForDetailTypeException', 'InvalidArgument', 'MalformedDetail'],
    ];
    const Entries = codes.map((ErrorCode) => ({ ErrorCode, ErrorMessage: 'oh' }));
    expect(await bus(() => ({ Entries })).put(codes.map((type) => ({ type, detail: '{}' })))).toEqual([
      { throttled: 'ThrottlingException: oh' },
      { broken: 'InternalFailure: oh' },
      { unavailable: 'AccessDeniedException: oh' },
      { unavailable: 'NotAuthorizedForSourceException: oh' },
      { unavailable: 'NotAuthorizedForDetailTypeException: oh' },
      'InvalidArgument: oh',
      'MalformedDetail: oh',
    ]);
    const whole = bus(() => {
      throw Object.assign(new Error('slow'), { name: 'ThrottlingException' });
    });
    expect(await whole.put(entries)).toEqual(Array(2).fill({ throttled: 'ThrottlingException: slow' }));
  });

  it('finds the one entry that a call is refused for', async () => {
    const answer = ({ input: { Entries = [] } }: PutEventsCommand) => {
      if (!Entries.some(({ DetailType }) => DetailType === 'A'))
        return { Entries: Entries.map(() => ({ EventId: 'e' })) };
      throw Object.assign(new Error('1 validation error'), { name: 'ValidationException' });
    };
    expect(await bus(answer).put(entries)).toEqual(['ValidationException: 1 validation error', undefined]);
  });

  it('throws when it is out of reach', async () => {
    const denied = Object.assign(new Error('explicit deny'), { name: 'AccessDeniedException' });
    await expect(bus(() => Promise.reject(denied)).put(entries)).rejects.toBe(denied);
  });
});

function workers(answer: () => object) {
  const invoked: InvokeCommand['input'][] = [];
  const send = async ({ input }: InvokeCommand) => {
    invoked.push(input);
    return answer();
  };
  return { ...createWorkers(() => ({ send }) as unknown as LambdaClient, ALIAS, 3), invoked };
}
