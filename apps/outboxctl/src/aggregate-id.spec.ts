import { UsageError } from '@outbox/cli-kit';
import * as fc from 'fast-check';
import { formatAggregateId, parseAggregateId } from './aggregate-id';

const TYPES = ['invoice', 'credit-note'];

describe('the id of an aggregate', () => {
  it('is read as it is written, whatever the id holds', () => {
    fc.assert(
      fc.property(fc.constantFrom(...TYPES), fc.string({ minLength: 1 }), (aggregate, id) => {
        expect(parseAggregateId(formatAggregateId({ aggregate, id }), TYPES)).toEqual({ aggregate, id });
      }),
    );
  });

  it.each([
    ['i-1', ['invoice'], { aggregate: 'invoice', id: 'i-1' }],
    ['invoice/i-1', ['invoice'], { aggregate: 'invoice', id: 'i-1' }],
    ['invoice/a/b', ['invoice'], { aggregate: 'invoice', id: 'a/b' }],
    ['invoice', ['invoice'], { aggregate: 'invoice', id: 'invoice' }],
  ])('%s, where the stack has %j', (text, types, expected) => {
    expect(parseAggregateId(text, types)).toEqual(expected);
  });

  it.each([
    ['i-1', TYPES, 'i-1 may be of several aggregate types', 'Give AGGREGATE/ID: the stack has invoice, credit-note'],
    ['a/b', ['invoice'], 'no aggregate type a; the stack has invoice', 'Give AGGREGATE/ID'],
    ['/i-1', ['invoice'], 'no aggregate type ; the stack has invoice', 'Give AGGREGATE/ID'],
    ['invoice/', ['invoice'], 'AGGREGATE/ID lacks the id', undefined],
    ['', ['invoice'], 'AGGREGATE/ID lacks the id', undefined],
  ])('%j is refused where the stack has %j: %s', (text, types, message, hint) => {
    expect(() => parseAggregateId(text, types)).toThrow(UsageError);
    expect(() => parseAggregateId(text, types)).toThrow(expect.objectContaining({ message, hint }));
  });
});
