import { once } from 'node:events';
import { request } from 'node:http';
import type { Api } from './api';
import type { WireAnswer } from './protocol';
import { WireServer } from './server';

describe('the server', () => {
  let server: WireServer;
  let port: number;
  let answer: (signal: AbortSignal) => Promise<WireAnswer>;

  beforeEach(async () => {
    server = new WireServer(() => undefined);
    const api = { answer: (_request: unknown, signal: AbortSignal) => answer(signal) } as unknown as Api;
    server.use({ api, routes: [] });
    port = await server.listen(0);
  });
  afterEach(() => server.close());

  const call = () => fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: '{}' });
  const done: WireAnswer = { status: 200, headers: {}, body: 'done' };
  /** Answers once its signal is aborted. */
  const waits = (signal: AbortSignal): Promise<WireAnswer> =>
    new Promise((resolve) => signal.addEventListener('abort', () => resolve(done)));

  it('wakes the calls that wait when it closes', async () => {
    const begun = new Promise<void>((resolve) => {
      answer = (signal) => (resolve(), waits(signal));
    });
    const answered = call();
    await begun;
    await server.close();
    const response = await answered;
    expect([await response.text(), response.headers.get('connection')]).toEqual(['done', 'close']);
  });

  it('tells a call that its client went away', async () => {
    const aborted = new Promise<void>((resolve) => {
      answer = async (signal) => {
        client.destroy();
        await waits(signal);
        resolve();
        return done;
      };
    });
    const client = request({ port, host: '127.0.0.1', method: 'POST' });
    const failed = once(client, 'error');
    client.end('{}');
    await Promise.all([aborted, failed]);
  });

  it('makes no signal of others, of which Node would keep something for every call', async () => {
    const any = jest.spyOn(AbortSignal, 'any');
    answer = () => Promise.resolve(done);
    expect(await (await call()).text()).toBe('done');
    expect(any).not.toHaveBeenCalled();
  });
});
