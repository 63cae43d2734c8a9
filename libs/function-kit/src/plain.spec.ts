import * as fc from 'fast-check';
import { marshalPlain, unmarshalPlain, UnstorableValueError } from './plain';

describe('marshalPlain', () => {
  it('gives back what it was given', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ noUnicodeString: false })), (fields) => {
        expect(unmarshalPlain(marshalPlain(fields))).toEqual(JSON.parse(JSON.stringify(fields)));
      }),
    );
  });

  it('leaves out what is undefined', () => {
    expect(marshalPlain({ a: undefined, b: { c: undefined, d: 1 } })).toEqual({ b: { M: { d: { N: '1' } } } });
  });

  it.each<[string, unknown]>([
    ['a.0.b: NaN is no number', { a: [{ b: Number.NaN }] }],
    ['a: a Date', { a: new Date() }],
    ['a: a value of type function', { a: () => 1 }],
  ])('names the place of what can’t be stored: %s', (message, fields) => {
    const marshalling = () => marshalPlain(fields as Record<string, unknown>);
    expect(marshalling).toThrow(UnstorableValueError);
    expect(marshalling).toThrow(message);
  });
});
