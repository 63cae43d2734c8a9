import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { createHttpHandler, createIds, marshalPlain, unmarshalPlain } from '@outbox/function-kit';
import type { PlainWrite } from '@outbox/outbox-dynamodb';
import { defineAggregate } from '@outbox/outbox-envelope';
import { createMemoryOutbox } from '@outbox/outbox-testing';
import { createFakeClock, gatewayEvent, recordingTelemetry } from '@outbox/testing';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import * as z from 'zod/mini';
import { createCommands, type CommandsOptions, type Outcome } from '../commands';
import type { ParsedBody } from '../read-body';

/** An aggregate for specs: entries, each added by an event of its own. */
export const shoppingList = defineAggregate('shopping-list', {
  events: { Opened: { v1: z.object({ title: z.string() }) }, EntryAdded: { v1: z.object({ entry: z.string() }) } },
});

export interface ShoppingList {
  readonly id: string;
  readonly title: string;
  readonly entries: readonly string[];
}

/** A body of the API: a title opens a list, entries are added. */
export interface Body {
  readonly title?: string;
  readonly add?: readonly string[];
  readonly note?: unknown;
}

/** Requests without a key of sixteen characters are refused: this makes one. */
export function keyOf(name: string): string {
  return name.padEnd(16, '-');
}

const TABLE = 'lists';

type Decided = Outcome<ShoppingList, 'shopping-list'>;

/** What a spec changes of the lab. */
export type LabOptions = Partial<CommandsOptions<ShoppingList, 'shopping-list'>> & {
  /** Changes what commands decide. */
  readonly decide?: (outcome: Decided) => Decided;
  /** Is called when a state was read, before anybody gets it. */
  readonly afterLoad?: (id: string) => Promise<unknown>;
};

/** An API over lists in memory. */
export function createLab({
  decide = (outcome) => outcome,
  afterLoad = () => Promise.resolve(),
  ...options
}: LabOptions = {}) {
  const clock = createFakeClock();
  const outbox = createMemoryOutbox({ tables: { [TABLE]: ['id'] }, clock });
  const { client } = outbox.memory;
  const random = (bytes: number): Uint8Array => crypto.getRandomValues(new Uint8Array(bytes));
  const telemetry = recordingTelemetry();
  const commands = createCommands({
    aggregate: shoppingList,
    outbox,
    load: async (id) => {
      const Key = marshalPlain({ id });
      const { Item } = await client.send(new GetItemCommand({ TableName: TABLE, Key, ConsistentRead: true }));
      await afterLoad(id);
      return Item && (unmarshalPlain(Item) as unknown as ShoppingList);
    },
    requireIdempotencyKey: false,
    clock,
    ids: createIds(clock, () => random(16)),
    metrics: telemetry.metrics,
    ...options,
  });
  const parse = (body: unknown): ParsedBody<Body> => ({ kind: 'valid', value: body as Body });
  // No condition: what keeps changes from being lost is the head alone.
  const put = (list: ShoppingList): PlainWrite => ({ put: { table: TABLE, item: { ...list } } });
  const added = (entries: readonly string[] = []) => entries.map((entry) => shoppingList.EntryAdded({ entry }));
  const addTo = (state: ShoppingList, add: readonly string[] = []): Decided => {
    const list = { ...state, entries: [...state.entries, ...add] };
    return decide({ events: added(add), write: [put(list)], answer: list });
  };
  const handler = createHttpHandler(telemetry, {
    'POST /lists': commands.create<Body>({
      parse,
      counter: 'ListsOpened',
      run: ({ title = '', add = [] }, { id }) => {
        const list = { id, title, entries: add };
        return decide({ events: [shoppingList.Opened({ title }), ...added(add)], write: [put(list)], answer: list });
      },
    }),
    'PATCH /lists/{id}': commands.change<Body>({ id: 'id', parse, run: ({ add }, { state }) => addTo(state, add) }),
    'POST /lists/{id}/entries': commands.change<Body>({
      id: 'id',
      parse,
      run: ({ add }, { state }) => addTo(state, add),
    }),
    'GET /lists/{id}': commands.read({ id: 'id' }),
  });
  /** Sends `POST /lists` or `PATCH /lists/<id>`, as JSON. */
  const send = async (line: string, body?: Body | string, headers: Readonly<Record<string, string>> = {}) => {
    const [method = '', path = ''] = line.split(' ');
    const [, collection, id, ...below] = path.split('/');
    const route = `${method} /${[collection, ...(id === undefined ? [] : ['{id}']), ...below].join('/')}`;
    const event = gatewayEvent(route, {
      line,
      headers: Object.entries({ 'content-type': 'application/json', ...headers }),
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return handler(event, { getRemainingTimeInMillis: () => 10_000 });
  };
  return { ...telemetry, clock, outbox, send, lists: () => outbox.memory.items(TABLE) };
}

/** The body of an answer. */
export function read(answer: APIGatewayProxyStructuredResultV2): ShoppingList {
  return JSON.parse(answer.body ?? '') as ShoppingList;
}

/** `201`; `412 if-match-stale` for a problem. */
export function answerOf(answer: APIGatewayProxyStructuredResultV2): string {
  if (answer.headers?.['content-type'] !== 'application/problem+json') return String(answer.statusCode);
  const { type } = JSON.parse(answer.body ?? '') as { type: string };
  return `${answer.statusCode} ${type.replace('urn:outbox:problem:', '')}`;
}
