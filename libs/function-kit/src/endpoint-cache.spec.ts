import { EndpointCache } from './endpoint-cache';

describe('EndpointCache', () => {
  beforeEach(() => jest.useFakeTimers({ now: 0 }));
  afterEach(() => jest.useRealTimers());

  it('keeps what it was given for as long as that holds', () => {
    const cache = new EndpointCache();
    cache.set('key', [{ Address: 'one.example', CachePeriodInMinutes: 1 }]);
    expect([cache.has('key'), cache.getEndpoint('key')]).toEqual([true, 'one.example']);

    jest.setSystemTime(59_999);
    expect(cache.getEndpoint('key')).toBe('one.example');

    jest.setSystemTime(60_000);
    expect([cache.has('key'), cache.getEndpoint('key'), cache.get('key')]).toEqual([false, undefined, undefined]);
  });

  it('forgets one, or all', () => {
    const cache = new EndpointCache();
    for (const key of ['a', 'b', 'c']) cache.set(key, [{ Address: key, CachePeriodInMinutes: 1 }]);
    cache.delete('a');
    expect(['a', 'b'].map((key) => cache.has(key))).toEqual([false, true]);
    cache.clear();
    expect(cache.has('b')).toBe(false);
  });
});
