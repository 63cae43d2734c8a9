import { request } from 'node:http';
import type { Session } from '@outbox/console-api';
import { NotFoundError } from '@outbox/cli-kit';
import { Api } from './api';
import { readRequests } from './requests';
import { listen } from './server';
import { EventStream } from './stream';

const closing: (() => Promise<void>)[] = [];
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

async function start({ write = true, key }: { readonly write?: boolean; readonly key?: string } = {}) {
  const started: unknown[] = [];
  const session = { token: 'page-token', write } as Session;
  const stream = new EventStream();
  const api = new Api({
    session,
    reads: {
      trace: (of) => Promise.reject(new NotFoundError(`no aggregate ${of}`)),
      match: () => Promise.resolve([]),
      deadLetters: () => Promise.resolve({ letters: [], counts: {} }),
      failed: () => Promise.reject(new Error('broken')),
      denials: () => Promise.resolve([]),
      stuck: () => Promise.resolve([]),
    },
    jobs: {
      list: () => [],
      start: (action) => {
        started.push(action);
        return {
          id: 'j',
          action: action.action,
          command: '',
          startedAt: '',
          state: 'running',
          progress: '',
          output: [],
        };
      },
    },
    requests: [],
    stop: new AbortController().signal,
  });
  const page = new Map([['index.html', { type: 'text/html', body: Buffer.from('<p>page</p>') }]]);
  const { port, close } = await listen(
    {
      page,
      api,
      stream,
      environment: {},
      ...(key === undefined ? {} : { key }),
      rules: (bound) => ({
        hosts: [`127.0.0.1:${bound}`],
        session: key === undefined ? undefined : 'secret',
        cookieName: 'c',
        token: 'page-token',
      }),
    },
    0,
  );
  closing.push(close);
  const origin = `http://127.0.0.1:${port}`;
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${origin}/_console/api/actions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-console-token': 'page-token', ...headers },
      body: JSON.stringify(body),
    });
  return { origin, port, post, started, stream };
}

describe('the console’s server', () => {
  it('serves its page under a policy that allows nothing inline and nothing from elsewhere', async () => {
    const { origin } = await start();
    const answer = await fetch(`${origin}/_console/`);
    expect([answer.status, await answer.text()]).toEqual([200, '<p>page</p>']);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect((await fetch(`${origin}/_console`, { redirect: 'manual' })).headers.get('location')).toBe('/_console/');
    expect((await fetch(`${origin}/_console/../etc/passwd`)).status).toBe(404);
  });

  it('opens a session for the first who brings the key, and for nobody after', async () => {
    const { origin } = await start({ key: 'once' });
    const login = () => fetch(`${origin}/_console/?key=once`, { redirect: 'manual' });
    expect((await fetch(`${origin}/_console/api/session`)).status).toBe(401);
    const first = await login();
    expect([first.status, first.headers.get('location')]).toEqual([303, '/_console/']);
    expect(first.headers.get('set-cookie')).toBe('c=secret; Path=/_console/; HttpOnly; SameSite=Strict');
    expect((await login()).headers.get('set-cookie')).toBeNull();
    expect((await fetch(`${origin}/_console/api/session`, { headers: { cookie: 'c=secret' } })).status).toBe(200);
  });

  it('has done what its page asks for', async () => {
    const { post, started } = await start();
    expect((await post({ action: 'sweep' })).status).toBe(202);
    expect(started).toEqual([{ action: 'sweep' }]);
  });

  it.each([
    ['a foreign origin', { origin: 'http://evil.example' }, 403],
    ['a wrong token', { 'x-console-token': 'guess' }, 403],
    ['what a form can send', { 'content-type': 'text/plain' }, 415],
  ])('has nothing done for %s', async (_who, headers, status) => {
    const { post, started } = await start();
    expect((await post({ action: 'sweep' }, headers)).status).toBe(status);
    expect(started).toEqual([]);
  });

  it('has nothing done under a name that leads here', async () => {
    const { port, started } = await start();
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { host: 'evil.example', 'content-type': 'application/json', 'x-console-token': 'page-token' };
      const asked = request(
        { port, host: '127.0.0.1', path: '/_console/api/actions', method: 'POST', headers },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        },
      );
      asked.on('error', reject);
      asked.end('{"action":"sweep"}');
    });
    expect(status).toBe(403);
    expect(started).toEqual([]);
  });

  it('changes nothing when it is read-only, and compares all the same', async () => {
    const { post, started } = await start({ write: false });
    expect((await post({ action: 'sweep' })).status).toBe(403);
    expect((await post({ action: 'reconcile' })).status).toBe(202);
    expect(started).toEqual([{ action: 'reconcile' }]);
  });

  it('says in words what is not there, wrong, or broken', async () => {
    const { origin, post } = await start();
    const missing = await fetch(`${origin}/_console/api/trace?of=parcel/p-1`);
    expect([missing.status, await missing.json()]).toEqual([404, { message: 'no aggregate parcel/p-1' }]);
    expect((await fetch(`${origin}/_console/api/failed`)).status).toBe(500);
    expect((await fetch(`${origin}/_console/api/nothing`)).status).toBe(404);
    expect((await post({ action: 'purge' })).status).toBe(400);
  });

  it('tells whoever listens, the last word first, and the tail only to who follows', async () => {
    const { origin, stream } = await start();
    stream.send('pipeline', { at: 1 }, { kept: true });
    const answers = await Promise.all(['', '?tail=1'].map((query) => fetch(`${origin}/_console/events${query}`)));
    expect(stream.listening).toEqual({ all: 2, tail: 1 });
    stream.send('tail', { n: 1 });
    stream.send('job', { id: 'j' });
    const texts = await Promise.all(answers.map((answer) => readUntil(answer, 'event: job')));
    expect(texts.map((text) => [text.includes('event: pipeline'), text.includes('event: tail')])).toEqual([
      [true, false],
      [true, true],
    ]);
  });

  it('says which file holds no requests', async () => {
    await expect(readRequests('/nowhere/requests.json')).rejects.toThrow('/nowhere/requests.json holds no requests');
  });
});

async function readUntil(answer: Response, wanted: string): Promise<string> {
  const reader = answer.body?.getReader();
  let text = '';
  while (reader && !text.includes(wanted)) text += Buffer.from((await reader.read()).value ?? []).toString();
  await reader?.cancel();
  return text;
}
