import {
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { DescribeArchiveCommand, type EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { recordingClient } from '@outbox/testing';
import type { CliContext } from './context';
import { NOW, runVerb } from '../testing/run-verb';
import { metricsOf } from '../testing/metrics';
import { headRow, itemOf, type Row } from '../testing/rows';
import { stackOf } from '../testing/stack';

type Item = Record<string, AttributeValue>;

describe('outboxctl reconcile --repair', () => {
  it('has the sweeper look until it sees what is due, and ends once the consumer has done it', async () => {
    const { repair, sweeps } = setUp((world, sweep) => {
      if (sweep === 1) return 0; // An index lags behind its table.
      if (sweep === 2) world.claim();
      else if (sweep === 3) world.publish();
      else world.consume();
      return sweep === 2 ? 1 : 0;
    });
    const { exitCode, report } = await repair();
    expect(report).toMatchObject({ repaired: 1, findings: { lost: 0, late: 0 } });
    expect(exitCode).toBe(0);
    expect(sweeps()).toBe(4);
  });

  it('does not end at zero while what it published is under way to nowhere', async () => {
    const { repair } = setUp((world, sweep) => {
      if (sweep === 1) world.claim();
      return sweep === 1 ? 1 : 0;
    });
    const { exitCode, report } = await repair();
    expect(report).toMatchObject({ repaired: 1, findings: { lost: 0, late: 1 } });
    expect(exitCode).toBe(1);
  });
});

describe('what outboxctl reconcile prints', () => {
  it('is grouped by consumer and kind, with a few examples and what to do', async () => {
    const { run } = manyLost();
    const lines = (await run('reconcile', '--limit', '2')).out.split('\n');
    expect(lines).toEqual([
      '7 lost at labels (outboxctl reconcile --repair publishes them again)',
      expect.stringMatching(/^ {2}lost: parcel\/p-\d event 1 at labels: published, not done by labels/),
      expect.stringMatching(/^ {2}lost: parcel\/p-\d event 1 at labels/),
      '  and 5 more (--limit 0 lists all)',
      '3 lost at mails (outboxctl reconcile --repair publishes them again)',
      expect.stringMatching(/^ {2}lost: parcel\/p-\d event 1 at mails/),
      expect.stringMatching(/^ {2}lost: parcel\/p-\d event 1 at mails/),
      '  and 1 more (--limit 0 lists all)',
      '4 queued at mails (outboxctl lag shows whether it gets less)',
      expect.stringMatching(/^ {2}queued: parcel\/p-\d event 1 at mails: published, and the queue of mails is behind$/),
      expect.stringMatching(/^ {2}queued: parcel\/p-\d event 1 at mails/),
      '  and 2 more (--limit 0 lists all)',
      expect.stringMatching(
        /^7 aggregates, 7 events: 10 lost, 4 queued, 0 held, 0 late.* \(what is younger than \d+ s has time yet; read/,
      ),
    ]);
  });

  it('is every finding with --limit 0, and then how many there are of each', async () => {
    const lines = (await manyLost().run('reconcile', '--limit', '0')).out.split('\n');
    expect(lines.filter((line) => line.startsWith('lost: parcel/'))).toHaveLength(10);
    expect(lines.slice(-4, -1).map((line) => line.replace(/ \(.*/, ''))).toEqual([
      '7 lost at labels',
      '3 lost at mails',
      '4 queued at mails',
    ]);
  });

  it('is every finding and then the report under --json, unless --limit says less', async () => {
    const all = (await manyLost().run('--json', 'reconcile')).out.split('\n').map(parsed);
    expect(all).toHaveLength(15);
    expect(all[0]).toMatchObject({ kind: 'lost', aggregate: 'parcel', sequence: 1, type: 'ParcelRegistered' });
    expect(all.at(-1)).toMatchObject({
      aggregates: 7,
      findings: { lost: 10, queued: 4, held: 0 },
      groups: [
        { kind: 'lost', consumer: 'labels', count: 7 },
        { kind: 'lost', consumer: 'mails', count: 3 },
        { kind: 'queued', consumer: 'mails', count: 4 },
      ],
    });
    expect((await manyLost().run('--json', 'reconcile', '--limit', '1')).out.split('\n')).toHaveLength(4);
  });

  it.each(['0/8', '9/8', '8', '1/0'])('compares no part %s', async (part) => {
    expect((await manyLost().run('reconcile', '--part', part)).exitCode).toBe(2);
  });
});

/** Seven published events that neither consumer has done; four messages wait at `mails`. */
function manyLost() {
  const event = (n: number): Item => ({ ...itemOf(eventRow), pk: { S: `parcel#p-${n}` } });
  const head = (n: number): Item => ({ ...itemOf(headRow(1)), pk: { S: `parcel#p-${n}` } });
  const of = (pk = ''): Item[] => {
    const n = Number(pk.replace('parcel#p-', ''));
    return [event(n), head(n)];
  };
  const send = async (command: unknown) => {
    if (command instanceof QueryCommand) {
      return {
        Items: command.input.TableName === 'outbox' ? of(command.input.ExpressionAttributeValues?.[':pk']?.S) : [],
      };
    }
    const { TableName, Segment } = (command as ScanCommand).input;
    return {
      Items: TableName === 'outbox' && Segment === 0 ? [1, 2, 3, 4, 5, 6, 7].flatMap((n) => of(`parcel#p-${n}`)) : [],
    };
  };
  const sqs = recordingClient((input) => ({
    Attributes: {
      ApproximateNumberOfMessages: (input as { QueueUrl: string }).QueueUrl.endsWith('/mails') ? '4' : '0',
    },
  }));
  const events = (command: unknown) =>
    Promise.resolve(
      command instanceof DescribeArchiveCommand ? { ArchiveArn: 'a', EventSourceArn: 'b' } : { Replays: [] },
    );
  const run = (...argv: readonly string[]) =>
    runVerb(
      {
        stack: () => Promise.resolve(stackOf()),
        dynamodb: () => ({ send }) as unknown as DynamoDBClient,
        sqs: () => sqs as unknown as SQSClient,
        cloudwatch: metricsOf({ 'ApproximateAgeOfOldestMessage Maximum mails': [7_200] }),
        eventbridge: () => ({ send: events }) as unknown as EventBridgeClient,
      },
      argv,
    );
  return { run };
}

const eventRow: Row = {
  pk: 'parcel#p-1',
  sk: 'EVENT#0000000001',
  entity: 'OutboxEvent',
  id: 'e-1',
  type: 'ParcelRegistered',
  attempts: 0,
  committedAt: new Date(NOW - 3_600_000).toISOString(),
  publishedAt: new Date(NOW - 3_599_000).toISOString(),
};

function parsed(line: string): unknown {
  return JSON.parse(line);
}

describe('outboxctl reconcile --since', () => {
  it('refuses a time to come: nothing would be judged, and all would seem well', async () => {
    const stack = () => Promise.resolve(stackOf({}));
    const after = new Date(NOW + 1_000).toISOString();
    expect(await runVerb({ stack }, ['reconcile', '--since', after])).toEqual({
      exitCode: 2,
      out: '',
      err: 'outboxctl: --since is in the future. It takes a time before now, or before --now where that is given',
      progress: '',
    });
  });
});

describe('outboxctl reconcile --repair, interrupted', () => {
  it('says what it has repaired, and leaves the rest to the sweeper’s schedule', async () => {
    const stop = new AbortController();
    const { repair, sweeps } = setUp(
      () => 1,
      (work) => work(stop.signal),
      () => stop.abort(),
    );
    const { report, progress } = await repair();
    expect(report).toMatchObject({ repaired: 1, interrupted: true, findings: { lost: 1 } });
    expect(progress).toContain('the next sweep publishes it');
    expect(sweeps()).toBe(0);
  });
});

const emptyQueue = recordingClient(() => ({
  Attributes: { ApproximateNumberOfMessages: '0' },
})) as unknown as SQSClient;

/** An aggregate whose event was published and never done; `sweeper` plays each of its runs and answers what it saw due. */
function setUp(
  sweeper: (world: World, sweep: number) => number,
  protect: CliContext['protect'] = (work) => work(new AbortController().signal),
  repaired: () => void = () => undefined,
) {
  const world = new World(repaired);
  let sweeps = 0;
  let now = NOW;
  const send = async ({ input }: { input: { Payload: Uint8Array } }) => {
    expect(JSON.parse(Buffer.from(input.Payload).toString())).toEqual({ now: new Date(NOW).toISOString() });
    sweeps += 1;
    return { Payload: Buffer.from(JSON.stringify({ due: sweeper(world, sweeps) })) };
  };
  const repair = async () => {
    const { exitCode, out, progress } = await runVerb(
      {
        stack: () =>
          Promise.resolve(
            stackOf({ sweeper_function_name: 'sweeper', sweeper_alias: 'live', consumers: { mails: MAILS } }),
          ),
        dynamodb: () => world as unknown as DynamoDBClient,
        lambda: () => ({ send }) as unknown as LambdaClient,
        sqs: () => emptyQueue,
        now: () => now,
        protect,
        sleep: (ms) => {
          now += ms;
          return Promise.resolve();
        },
      },
      ['--json', 'reconcile', '--grace', '0', '--wait', '5', '--repair'],
    );
    return { exitCode, progress, report: JSON.parse(out.split('\n').at(-1) ?? '') as unknown };
  };
  return { repair, sweeps: () => sweeps };
}

const MAILS = {
  queue_url: '',
  dlq_url: '',
  function_name: '',
  table_name: 'mails',
  policy: 'in-order',
  on: { parcel: [] },
};

class World {
  #event: Item = itemOf(eventRow);
  #inbox: Item[] = [];

  /** @param repaired called whenever the event is made due again */
  constructor(private readonly repaired: () => void) {}

  claim(): void {
    this.#event = { ...this.#event, attempts: { N: '1' }, dueAt: { S: new Date(NOW + 3_600_000).toISOString() } };
  }

  publish(): void {
    const { dueAt: _due, ...published } = this.#event;
    this.#event = published;
  }

  consume(): void {
    this.#inbox = [
      {
        pk: { S: 'parcels#parcel#p-1' },
        sk: { S: 'INBOX' },
        firstVersion: { N: '1' },
        lastVersion: { N: '1' },
        lastEventId: { S: 'e-1' },
      },
    ];
  }

  async send(command: unknown): Promise<{ Items?: Item[] }> {
    if (command instanceof UpdateItemCommand) {
      this.#event = { ...this.#event, attempts: { N: '0' }, dueAt: { S: new Date(NOW).toISOString() } };
      this.repaired();
      return {};
    }
    if (!(command instanceof ScanCommand || command instanceof QueryCommand)) return {};
    if (command instanceof ScanCommand && (command.input.Segment ?? 0) > 0) return { Items: [] };
    if (command.input.TableName !== 'outbox') return { Items: command instanceof QueryCommand ? this.#inbox : [] };
    return {
      Items: [this.#event, itemOf(headRow(1))],
    };
  }
}
