import { addFaults, type Fault } from '@outbox/outbox-testing';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import * as fc from 'fast-check';
import { answerOf, createLab, keyOf, read, type Body } from './testing/lab';

/** What a client wants: to open a list under a key, or to add to the one that is there. */
interface Wish {
  readonly key: string | undefined;
  readonly body: Body;
  readonly to: 'open' | 'add';
  /** Any version, or the one that the client reads before. */
  readonly ifMatch: 'any' | 'read';
  /** Sends the request again though it was answered, as if the answer had got lost. */
  readonly repeats: number;
}

interface Done {
  readonly wish: Wish;
  readonly answers: readonly APIGatewayProxyStructuredResultV2[];
}

const wish: fc.Arbitrary<Wish> = fc.record({
  to: fc.constantFrom('open', 'add', 'add'),
  key: fc.constantFrom(undefined, 'k', 'k', 'l', 'm'),
  body: fc.constantFrom({ title: 'x', add: ['x'] }, { title: 'y', add: ['y', 'z'] }),
  ifMatch: fc.constantFrom('any', 'any', 'read'),
  repeats: fc.integer({ min: 0, max: 2 }),
});
const fault: fc.Arbitrary<Fault | undefined> = fc.constantFrom(
  undefined,
  undefined,
  undefined,
  'throttled',
  'unreachable',
  'lost',
  'forgotten',
  'unanswered',
);

describe('two clients that send, repeat and lose answers in any order', () => {
  it('make one list per key, lose no change, and get one answer per request', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.array(wish, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 2 }),
        fc.array(fault, { maxLength: 12 }),
        async (scheduler, clients, faults) => {
          const lab = createLab();
          const list = read(await lab.send('POST /lists', { title: 'shared' }));
          const pending = [...faults];
          lab.outbox.memory.client.middlewareStack.add(
            (next) => async (args) => {
              await scheduler.schedule(Promise.resolve());
              return next(args);
            },
            { step: 'initialize', name: 'scheduler' },
          );
          addFaults(lab.outbox.memory.client, () => pending.shift());
          const done = await scheduler.waitFor(Promise.all(clients.map((wishes) => carryOut(lab, list.id, wishes))));
          judge(lab, list.id, done.flat());
        },
      ),
      { numRuns: 40 },
    );
  });
});

type Lab = ReturnType<typeof createLab>;

async function carryOut({ send }: Lab, id: string, wishes: readonly Wish[]): Promise<Done[]> {
  const done: Done[] = [];
  for (const wish of wishes) {
    const key: Record<string, string> = wish.key === undefined ? {} : { 'idempotency-key': keyOf(wish.key) };
    const etag = wish.ifMatch === 'any' ? '*' : String((await send(`GET /lists/${id}`)).headers?.['etag']);
    const answers: APIGatewayProxyStructuredResultV2[] = [];
    for (let repeat = 0; repeat <= (wish.key === undefined ? 0 : wish.repeats); repeat += 1) {
      let answer: APIGatewayProxyStructuredResultV2;
      do {
        answer =
          wish.to === 'open'
            ? await send('POST /lists', wish.body, key)
            : await send(`PATCH /lists/${id}`, wish.body, { ...key, 'if-match': etag });
        // Without a key nobody knows what a 503 means: the client gives up.
      } while (answer.statusCode === 503 && wish.key !== undefined);
      answers.push(answer);
    }
    done.push({ wish, answers });
  }
  return done;
}

function judge({ lists, outbox }: Lab, id: string, done: readonly Done[]): void {
  const made = (to: Wish['to']) =>
    done
      .filter(({ wish }) => wish.to === to)
      .flatMap(({ wish, answers }) => answers.map((answer) => ({ wish, answer })));
  const byKey = (to: Wish['to'], key: string) =>
    made(to).filter(({ wish, answer }) => wish.key === key && (answer.statusCode ?? 0) < 300);

  for (const { answer } of [...made('open'), ...made('add')]) {
    expect(['200', '201', '412 if-match-stale', '422 idempotency-key-reused', '503 busy']).toContain(answerOf(answer));
  }
  for (const key of ['k', 'l', 'm']) {
    for (const to of ['open', 'add'] as const) {
      // One body won under the key, and whoever sent it got the same answer, byte for byte.
      const winners = byKey(to, key);
      expect(new Set(winners.map(({ answer }) => JSON.stringify(answer))).size).toBeLessThanOrEqual(1);
      expect(new Set(winners.map(({ wish }) => wish.body)).size).toBeLessThanOrEqual(1);
    }
    const listsOfKey = new Set(byKey('open', key).map(({ answer }) => read(answer).id));
    expect(listsOfKey.size).toBe(made('open').some(({ wish }) => wish.key === key) ? 1 : 0);
  }

  // The list is what its events tell, in their order, without a hole.
  const events = outbox.events().filter(({ subject }) => subject === id);
  expect(events.map(({ sequence }) => Number(sequence))).toEqual(events.map((_, index) => index + 1));
  const told = events
    .filter(({ type }) => type === 'ShoppingListEntryAdded')
    .map(({ data }) => data as { entry: string });
  const entries = told.map(({ entry }) => entry);
  expect(lists().find((each) => each['id'] === id)).toMatchObject({ entries });

  // Each change that was answered 200 is in the list, where its answer says.
  const additions = new Map(
    made('add')
      .filter(({ answer }) => answer.statusCode === 200)
      .map(({ wish, answer }) => [String(answer.headers?.['etag']), { wish, answer }]),
  );
  for (const [etag, { wish, answer }] of additions) {
    const sequence = Number(JSON.parse(etag));
    expect(read(answer).entries).toEqual(entries.slice(0, sequence - 1));
    expect(read(answer).entries.slice(-(wish.body.add?.length ?? 0))).toEqual(wish.body.add);
  }
  // Without a key and with its answer lost a change may be there that nobody was told of; with a key none is.
  const requests = made('add').filter(({ wish }) => wish.key === undefined).length;
  const untold =
    entries.length - [...additions.values()].reduce((sum, { wish }) => sum + (wish.body.add?.length ?? 0), 0);
  expect(untold).toBeLessThanOrEqual(2 * requests);
  if (requests === 0) expect(untold).toBe(0);
  expect(new Set(outbox.events().map(({ id: event }) => event)).size).toBe(outbox.events().length);
}
