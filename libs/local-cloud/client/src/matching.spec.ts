import fc from 'fast-check';
import { matches, type Pattern } from './matching.ts';

describe('what is wanted', () => {
  const found = { messageId: 'm', body: { type: 'Created', data: { id: 7, tags: ['a', 'b'] } }, receiveCount: 0 };

  it.each<[string, Pattern]>([
    ['members that are named', { body: { type: 'Created' } }],
    ['members of members', { body: { data: { id: 7 } } }],
    ['a whole list', { body: { data: { tags: ['a', /^b$/] } } }],
    ['a text by an expression', { body: { type: /^Cre/ } }],
    ['nothing in particular', {}],
  ])('fits by %s', (_, wanted) => {
    expect(matches(found, wanted)).toBe(true);
  });

  it.each<[string, Pattern]>([
    ['another value', { body: { type: 'Updated' } }],
    ['a member that is missing', { body: { version: null } }],
    ['a member that objects inherit', { toString: {} }],
    ['a part of a list', { body: { data: { tags: ['a'] } } }],
    ['an object for a text', { messageId: {} }],
    ['an expression for a number', { receiveCount: /0/ }],
  ])('does not fit by %s', (_, wanted) => {
    expect(matches(found, wanted)).toBe(false);
  });

  it('may be a function', () => {
    expect(matches(found, ({ body }) => body.data.id > 6)).toBe(true);
  });

  it('matches the same with an expression that keeps a position', () => {
    const wanted = { messageId: /m/g };
    expect([matches(found, wanted), matches(found, wanted)]).toEqual([true, true]);
  });

  it('always fits itself', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(matches<unknown>(value, value as Pattern)).toBe(true);
      }),
    );
  });
});
