import { freePort } from '@outbox/testing';
import { reasonOf, request } from './request.ts';

describe('a request that gets no answer', () => {
  it('says what was called and why it failed', async () => {
    const url = `http://127.0.0.1:${await freePort()}/_local/health`;

    await expect(request(url)).rejects.toThrow(`GET ${url}: fetch failed: connect ECONNREFUSED ${new URL(url).host}`);
    await expect(request(url, { method: 'POST' })).rejects.toThrow(`POST ${url}: `);
  });

  it('says one of the reasons where several addresses were tried', () => {
    const tried = new AggregateError([new Error('connect ECONNREFUSED ::1:4566'), new Error('127.0.0.1')]);

    expect(reasonOf(new TypeError('fetch failed', { cause: tried }))).toBe(
      'fetch failed: connect ECONNREFUSED ::1:4566',
    );
  });
});
