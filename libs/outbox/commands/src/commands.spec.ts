import { eraseHead, findErasable } from '@outbox/outbox-dynamodb';
import { addFaults, OUTBOX_TABLE, type MemoryOutbox } from '@outbox/outbox-testing';
import { eraseMarks, unmarshalMarks } from './request-marks';
import { answerOf, createLab, keyOf, read, shoppingList } from './testing/lab';

const any = { 'if-match': '*' };
const key = (name: string) => ({ 'idempotency-key': keyOf(name) });

describe('a command of several events', () => {
  it('moves the ETag on by as many, and its repeats get its very answer', async () => {
    const { send, outbox, lists } = createLab();
    const open = () => send('POST /lists', { title: 't', add: ['a', 'b'] }, key('open'));
    const opened = await open();
    expect(opened).toMatchObject({ statusCode: 201, headers: { etag: '"3"', location: `lists/${read(opened).id}` } });
    const path = `/lists/${read(opened).id}`;
    const add = () => send(`PATCH ${path}`, { add: ['c', 'd'] }, { ...any, ...key('add') });
    const changed = await add();
    expect(changed).toMatchObject({ statusCode: 200, headers: { etag: '"5"' } });
    await send(`PATCH ${path}`, { add: ['e'] }, any);

    expect([await open(), await add()]).toEqual([opened, changed]);
    expect(outbox.events().map(({ sequence }) => sequence)).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(lists()).toMatchObject([{ entries: ['a', 'b', 'c', 'd', 'e'] }]);
  });

  it('is answered again byte for byte as it was, though the service would say it otherwise now', async () => {
    const lab = createLab({
      decide: (outcome) =>
        'problem' in outcome ? outcome : { ...outcome, answer: { ...outcome.answer, title: 'then' } },
    });
    const first = await lab.send('POST /lists', { title: 'now' }, key('open'));
    expect(read(first).title).toBe('then');
    expect(await lab.send('POST /lists', { title: 'now' }, key('open'))).toEqual(first);
    lab.outbox.removeEvents();
    expect(read(await lab.send('POST /lists', { title: 'now' }, key('open'))).title).toBe('now');
  });
});

describe('a repeated request', () => {
  it('gets the first answer, not the problem that the command would have with it now', async () => {
    let isClosed = false;
    const gone = { kind: 'closed', status: 409, title: 'The shop is closed' };
    const lab = createLab({ decide: (outcome) => (isClosed ? { problem: gone } : outcome) });
    const open = (name: string) => lab.send('POST /lists', { title: 't' }, key(name));
    const first = await open('open');
    isClosed = true;
    expect(await open('open')).toEqual(first);
    expect(answerOf(await open('other'))).toBe('409 closed');
    expect(answerOf(await lab.send('POST /lists', { title: 't' }))).toBe('409 closed');
  });

  it('is told apart by route: one key may open a list and change it', async () => {
    const { send } = createLab();
    const { id } = read(await send('POST /lists', { title: 't' }, key('same')));
    const headers = { ...any, ...key('same') };
    expect(read(await send(`PATCH /lists/${id}`, { add: ['a'] }, headers)).entries).toEqual(['a']);
    expect(read(await send(`POST /lists/${id}/entries`, { add: ['a'] }, headers)).entries).toEqual(['a', 'a']);
  });

  it('says where to look once its answer is gone, relative to its own URL', async () => {
    const { send, outbox } = createLab();
    const { id } = read(await send('POST /lists', { title: 't' }));
    const paths = [`PATCH /lists/${id}`, `POST /lists/${id}/entries`];
    for (const path of paths) await send(path, { add: [path] }, { ...any, ...key('k') });
    await send(`PATCH /lists/${id}`, { add: ['last'] }, any);
    outbox.removeEvents();
    const answers = await Promise.all(paths.map((path) => send(path, { add: [path] }, { ...any, ...key('k') })));
    expect(answers.map(answerOf)).toEqual(Array(2).fill('409 idempotency-replay-expired'));
    expect(answers.map(({ headers }) => headers?.['location'])).toEqual([id, `../${id}`]);
  });

  it('is known still once the marks of requests were erased: nothing is made or changed a second time', async () => {
    const { send, outbox, lists } = createLab();
    const open = () => send('POST /lists', { title: 't' }, key('open'));
    const path = `/lists/${read(await open()).id}`;
    const add = () => send(`PATCH ${path}`, { add: ['a'] }, { ...any, ...key('add') });
    await add();
    await eraseHeadOf(outbox, path, { keepOwner: true });
    expect([await open(), await add()].map(answerOf)).toEqual(Array(2).fill('409 idempotency-replay-expired'));
    expect(lists()).toMatchObject([{ entries: ['a'] }]);
    expect(outbox.events()).toHaveLength(2);
    const [head] = outbox.memory.items(OUTBOX_TABLE).filter(({ sk }) => sk === 'HEAD');
    expect(head).toMatchObject({ owner: 'anonymous', lastSequence: 2, recentRequests: [] });
    expect(JSON.stringify(head)).not.toMatch(/[0-9a-f]{64}/);
    // The next change goes on from there.
    expect(answerOf(await send(`PATCH ${path}`, { add: ['b'] }, { 'if-match': '"2"', ...key('b') }))).toBe('200');
  });

  it('finds nothing any more once the owner was erased', async () => {
    const { send, outbox } = createLab();
    const path = `/lists/${read(await send('POST /lists', { title: 't' })).id}`;
    await eraseHeadOf(outbox, path, { keepOwner: false });
    const change = send(`PATCH ${path}`, { add: ['a'] }, { ...any, ...key('a') });
    expect([await send(`GET ${path}`), await change].map(answerOf)).toEqual(
      Array(2).fill('404 shopping-list-not-found'),
    );
  });

  it('never gets the state of a later change for its own answer', async () => {
    const { send, outbox } = createLab();
    const path = `/lists/${read(await send('POST /lists', { title: 't' })).id}`;
    const change = () => send(`PATCH ${path}`, { add: ['own'] }, { ...any, ...key('k') });
    const first = await change();
    outbox.removeEvents();
    expect(await change()).toEqual(first);
    interfereAfterHead(outbox, () => send(`PATCH ${path}`, { add: ['other'] }, any));
    expect(answerOf(await change())).toBe('409 idempotency-replay-expired');
  });

  it('can’t be one without a key, so that it leaves no mark', async () => {
    const { send, outbox } = createLab();
    const { id } = read(await send('POST /lists', { title: 't' }));
    await send(`PATCH /lists/${id}`, { add: ['a'] }, any);
    const loaded = await outbox.loadHead({ aggregate: shoppingList, id });
    expect(loaded && unmarshalMarks(loaded.item)).toEqual({ recentRequests: [], spentKeys: [] });
  });
});

describe('a change', () => {
  it('is made on a state that is no older than the head: what another one did meanwhile is not undone', async () => {
    let interfere: undefined | (() => Promise<unknown>);
    const lab = createLab({
      afterLoad: async () => {
        const now = interfere;
        interfere = undefined;
        await now?.();
      },
    });
    const path = `/lists/${read(await lab.send('POST /lists', { title: 't' })).id}`;
    interfere = () => lab.send(`PATCH ${path}`, { add: ['other'] }, any);
    expect(await lab.send(`PATCH ${path}`, { add: ['own'] }, any)).toMatchObject({ headers: { etag: '"3"' } });
    expect(lab.lists()).toMatchObject([{ entries: ['other', 'own'] }]);
    interfere = () => lab.send(`PATCH ${path}`, { add: ['again'] }, any);
    const seen = await lab.send(`GET ${path}`);
    expect([read(seen).entries, seen.headers?.['etag']]).toEqual([['other', 'own'], '"3"']);
  });

  it('that is refused on a state newer than its head is looked at again', async () => {
    const full = { kind: 'full', status: 409, title: 'The list is full' };
    const lab = createLab({
      decide: (outcome) => ('problem' in outcome || outcome.answer.entries.length < 2 ? outcome : { problem: full }),
    });
    const path = `/lists/${read(await lab.send('POST /lists', { title: 't' })).id}`;
    interfereAfterHead(lab.outbox, () => lab.send(`PATCH ${path}`, { add: ['other'] }, any));
    expect(answerOf(await lab.send(`PATCH ${path}`, { add: ['own'] }, { 'if-match': '"1"' }))).toBe(
      '412 if-match-stale',
    );
    expect(answerOf(await lab.send(`PATCH ${path}`, { add: ['own'] }, { 'if-match': '"2"' }))).toBe('409 full');
  });

  it('of an aggregate that a consumer made belongs to whoever that one acted for', async () => {
    const { send, outbox } = createLab();
    const id = '01980000-0000-7000-8000-000000000000';
    const commit = (owner: string, one: string) =>
      outbox.commit({
        aggregate: shoppingList,
        id: one,
        after: 0,
        events: [shoppingList.Opened({ title: 't' })],
        write: [{ put: { table: 'lists', item: { id: one, title: 't', entries: [] } } }],
        context: { owner },
      });
    await commit('anonymous', id);
    await commit('somebody', id.replace(/0$/, '1'));
    expect((await send(`PATCH /lists/${id}`, { add: ['a'] }, any)).statusCode).toBe(200);
    expect(answerOf(await send(`GET /lists/${id.replace(/0$/, '1')}`))).toBe('404 shopping-list-not-found');
  });

  it('is 404 where the state is gone, whatever its head says', async () => {
    const { send, outbox } = createLab();
    const path = `/lists/${read(await send('POST /lists', { title: 't' })).id}`;
    outbox.memory.remove('lists', () => true);
    expect(answerOf(await send(`PATCH ${path}`, { add: ['a'] }, any))).toBe('404 shopping-list-not-found');
    expect(answerOf(await send(`GET ${path}`))).toBe('404 shopping-list-not-found');
  });
});

describe('what the outbox refuses', () => {
  const missing = { check: { table: 'lists', key: { id: 'none' }, condition: { expression: 'attribute_exists(id)' } } };

  it('is the problem that the command has for a condition of its own', async () => {
    const refused = (index: number) => ({ kind: `no-shop-${index}`, status: 409, title: 'There is no such shop' });
    const { send, lists } = createLab({
      decide: (outcome) => ('problem' in outcome ? outcome : { ...outcome, write: [missing], refused }),
    });
    expect(answerOf(await send('POST /lists', { title: 't' }))).toBe('409 no-shop-0');
    expect(lists()).toEqual([]);
  });

  it.each([
    ['a condition without a problem', { write: [missing] }, 'condition: of write 0'],
    ['no event', { events: [] }, 'no-events'],
    ['an event of another shape', { events: [{ ...shoppingList.Opened({ title: '' }), data: {} }] }, 'invalid-data'],
    ['one item written twice', { write: [missing, missing] }, 'invalid-write'],
    ['too many writes', { write: Array.from({ length: 99 }, () => missing) }, 'too-many-items'],
  ])('is a fault of the service, logged with its reason: %s', async (_what, wrong, reason) => {
    const { send, logged } = createLab({
      decide: (outcome) => ('problem' in outcome ? outcome : { ...outcome, ...wrong }),
    });
    expect(answerOf(await send('POST /lists', { title: 't' }))).toBe('500 internal-error');
    expect(logged).toMatchObject([{ fields: { error: { message: expect.stringContaining(reason) } } }]);
  });

  it('is 413 where an event would be larger than a queue takes', async () => {
    const decided = { events: [shoppingList.Opened({ title: 'x'.repeat(200_001) })] };
    const { send } = createLab({ decide: (outcome) => ({ ...outcome, ...decided }) });
    const answer = await send('POST /lists', { title: 't' });
    expect(answerOf(answer)).toBe('413 too-large');
    expect(answer.body).toContain('200000');
  });

  it.each([
    ['U+FFFE', '{"title":"\ufffe"}', '/title'],
    ['U+FFFF, escaped', String.raw`{"add":["a","\uffff"]}`, '/add/1'],
    ['half a pair, escaped', String.raw`{"note":{"a/b":["\ud83d"]}}`, '/note/a~1b/0'],
    ['a name', String.raw`{"note":{"\udc00":1}}`, '/note/\udc00'],
  ])('is 422 with its pointer where text is in a body that no queue takes: %s', async (_what, body, pointer) => {
    const { send, lists } = createLab();
    const answer = await send('POST /lists', body);
    expect(answerOf(answer)).toBe('422 invalid-body');
    expect(JSON.parse(answer.body ?? '')).toMatchObject({ errors: [{ pointer }] });
    expect(lists()).toEqual([]);
  });

  it('is 422 where such text comes from elsewhere', async () => {
    const { send } = createLab({
      decide: (outcome) => ({ ...outcome, events: [shoppingList.Opened({ title: '\uffff' })] }),
    });
    const answer = await send('POST /lists', { title: 't' });
    expect(answerOf(answer)).toBe('422 invalid-body');
    expect(answer.body).toContain('data.title');
  });
});

describe('commands', () => {
  it('count what they committed, and know their aggregate by its name', async () => {
    const { send, counted } = createLab();
    await send('POST /lists', { title: 't' });
    expect(counted).toEqual({ ListsOpened: 1 });
    const missing = await send('GET /lists/01980000-0000-7000-8000-000000000000');
    expect(JSON.parse(missing.body ?? '')).toMatchObject({ title: 'No such shopping list' });
  });

  it('look up ids of other forms where the aggregate has them', async () => {
    const { send, outbox } = createLab({ isId: (text) => /^L-\d+$/.test(text) });
    const loadHead = jest.spyOn(outbox, 'loadHead');
    for (const id of ['L-1', 'M-1']) expect(answerOf(await send(`GET /lists/${id}`))).toMatch(/^404/);
    expect(loadHead.mock.calls).toMatchObject([[{ id: 'L-1' }]]);
  });

  it('are busy while an event is nowhere to be written, and a fault when one lies beyond its head', async () => {
    const { send, outbox, logged } = createLab();
    let isDown = true;
    addFaults(outbox.memory.client, () => (isDown ? 'unreachable' : undefined));
    expect(answerOf(await send('POST /lists', { title: 't' }, key('k')))).toBe('503 busy');
    isDown = false;
    await send('POST /lists', { title: 't' }, key('k'));
    outbox.memory.remove(OUTBOX_TABLE, ({ sk }) => sk === 'HEAD');
    expect(answerOf(await send('POST /lists', { title: 't' }, key('k')))).toBe('500 internal-error');
    expect(logged).toMatchObject([{ fields: { error: { name: 'EventInTheWayError' } } }]);
  });
});

/** Has something happen once, after the next head was read and before its reader goes on. */
function interfereAfterHead(outbox: MemoryOutbox, act: () => Promise<unknown>): void {
  const { loadHead } = outbox;
  outbox.loadHead = async (ref) => {
    outbox.loadHead = loadHead;
    const loaded = await loadHead(ref);
    await act();
    return loaded;
  };
}

/** Erases what the head of the list at a path says of whom it is about, as an operator does. */
async function eraseHeadOf(outbox: MemoryOutbox, path: string, { keepOwner }: { readonly keepOwner: boolean }) {
  const id = path.split('/').at(-1) ?? '';
  const loaded = await outbox.loadHead({ aggregate: shoppingList, id });
  const items = loaded ? [loaded.item] : [];
  const { head } = findErasable(OUTBOX_TABLE, items, { keepOwner, eraseMarks });
  if (!head) throw new Error('nothing to erase');
  const table = { dynamodb: outbox.memory.client, tableName: OUTBOX_TABLE };
  expect(await eraseHead(table, head)).toBe(true);
  const again = (await outbox.loadHead({ aggregate: shoppingList, id }))?.item;
  expect(findErasable(OUTBOX_TABLE, again ? [again] : [], { keepOwner, eraseMarks })).toEqual({ events: [] });
  expect(await eraseHead(table, { ...head, lastCommit: 'another' })).toBe(false);
}
