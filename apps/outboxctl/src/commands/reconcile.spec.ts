import {
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { CliContext } from './context';
import { NOW, runVerb } from '../testing/run-verb';
import { headRow, itemOf } from '../testing/rows';
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

/** An aggregate whose event was published and never done; `sweeper` plays each of its runs and answers what it saw due. */
function setUp(
  sweeper: (world: World, sweep: number) => number,
  protect: CliContext['protect'] = (work) => work(new AbortController().signal),
  repaired: () => void = () => undefined,
) {
  const world = new World(repaired);
  let sweeps = 0;
  let now = NOW;
  const send = async ({ input }: { input: { Payload: Uint8Array; Qualifier?: string } }) => {
    expect(input.Qualifier).toBe('live');
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
  #event: Item = {
    pk: { S: 'parcel#p-1' },
    sk: { S: 'EVENT#0000000001' },
    entity: { S: 'OutboxEvent' },
    id: { S: 'e-1' },
    type: { S: 'ParcelRegistered' },
    attempts: { N: '0' },
    committedAt: { S: new Date(NOW - 3_600_000).toISOString() },
    publishedAt: { S: new Date(NOW - 3_599_000).toISOString() },
  };
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
    if (command.input.TableName !== 'outbox') return { Items: command instanceof QueryCommand ? this.#inbox : [] };
    return {
      Items: [this.#event, itemOf(headRow(1))],
    };
  }
}
