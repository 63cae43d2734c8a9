import { pageAt, pageBy } from './page';

const invalid = (): Error => new Error('no token');

describe('a page', () => {
  it('follows the one before, to the end', () => {
    const first = pageAt(['a', 'b', 'c'], undefined, 2, invalid);
    expect(first).toEqual({ items: ['a', 'b'], next: '2' });
    expect(pageAt(['a', 'b', 'c'], first.next, 2, invalid)).toEqual({ items: ['c'], next: undefined });
  });

  it('by key is sorted, and goes on behind the last key whatever came or went', () => {
    const page = (items: string[], token?: string) => pageBy(items, (item) => item, token, 2, invalid);
    const first = page(['c', 'a', 'b', 'd']);
    expect(first.items).toEqual(['a', 'b']);
    expect(page(['d', 'b', 'a0', 'c'], first.next)).toEqual({ items: ['c', 'd'], next: undefined });
  });

  it.each(['guess', '-1', ' ', 'YQ', ''])('refuses the token %j', (token) => {
    expect(() => pageAt(['a'], token, 1, invalid)).toThrow('no token');
    expect(() => pageBy(['a'], (item) => item, token, 1, invalid)).toThrow('no token');
  });
});
