import fc from 'fast-check';
import { compilePattern } from './event-pattern';
import { parseExactJson, type Json, type JsonObject } from './json';

const matches = (pattern: object, event: JsonObject): boolean => compilePattern(JSON.stringify(pattern)).matches(event);
const reason = (pattern: string): string => {
  try {
    compilePattern(pattern);
    return 'valid';
  } catch (error) {
    return (error as Error).message.replace('Event pattern is not valid. Reason: ', '');
  }
};

describe('an event pattern', () => {
  it.each<[string, Json, Json, boolean]>([
    ['a text', ['OrderCreated'], 'OrderCreated', true],
    ['another text', ['OrderCreated'], 'OrderUpdated', false],
    ['any of a list', ['a', 'b'], 'b', true],
    ['a number however written', [3], 3.0, true],
    ['a number, not its text', [3], '3', false],
    ['null, not its text', [null], 'null', false],
    ['an array with a matching element', ['b'], ['a', 'b'], true],
    ['an empty array never', [null], [], false],
    ['a prefix', [{ prefix: 'Order' }], 'OrderCreated', true],
    ['a prefix in any case', [{ prefix: { 'equals-ignore-case': 'order' } }], 'ORDERS', true],
    ['a suffix', [{ suffix: '.png' }], 'a.PNG', false],
    ['equals-ignore-case', [{ 'equals-ignore-case': 'ALICE' }], 'alice', true],
    ['a wildcard', [{ wildcard: 'a*b*c' }], 'a-b-b-c', true],
    ['a wildcard that overlaps', [{ wildcard: 'aba*aba' }], 'ababa', false],
    ['an escaped star', [{ wildcard: 'a\\*b' }], 'a*b', true],
    ['an escaped star for no other', [{ wildcard: 'a\\*b' }], 'axb', false],
    ['a number in a range', [{ numeric: ['>', 0, '<=', 5] }], 5, true],
    ['a number at an open end', [{ numeric: ['>', 0, '<=', 5] }], 0, false],
    ['a range for numbers only', [{ numeric: ['=', 5] }], '5', false],
    ['an address in a block', [{ cidr: '10.0.0.0/24' }], '10.0.0.255', true],
    ['an address outside', [{ cidr: '10.0.0.0/24' }], '10.0.1.0', false],
    ['an IPv6 address in a block', [{ cidr: '2001:db8::/32' }], '2001:0db8::1', true],
    ['anything-but a text', [{ 'anything-but': 'a' }], 'b', true],
    ['anything-but lets null pass', [{ 'anything-but': ['a', 'b'] }], null, true],
    ['anything-but a prefix', [{ 'anything-but': { prefix: 'a' } }], 'ab', false],
    ['anything-but wildcards', [{ 'anything-but': { wildcard: ['*x*', '*y*'] } }], 'ayb', false],
    ['anything-but a number lets texts pass', [{ 'anything-but': 5 }], '5', true],
    ['anything-but a suffix of several', [{ 'anything-but': { suffix: ['.png', '.jpg'] } }], 'a.jpg', false],
    ['anything-but in any case', [{ 'anything-but': { 'equals-ignore-case': ['A', 'b'] } }], 'B', false],
    ['an address in another notation', ['2001:db8::1'], '2001:0db8:0:0:0:0:0:1', true],
    ['an address, not its neighbour', ['10.0.0.1'], '10.0.0.2', false],
    ['a number with an exponent', [{ numeric: ['=', 3.018e2] }], 301.8, true],
    ['a field that exists', [{ exists: true }], null, true],
  ])('matches %s', (_, pattern, value, expected) => {
    expect(matches({ detail: { field: pattern } }, { detail: { field: value } })).toBe(expected);
  });

  it('tells a missing field from one with a value', () => {
    expect(matches({ a: [{ exists: false }] }, { b: 1 })).toBe(true);
    expect(matches({ a: [{ exists: false }] }, { a: { b: 1 } })).toBe(true);
    expect(matches({ a: [{ exists: false }] }, { a: 1 })).toBe(false);
    expect(matches({ a: [{ exists: true }] }, { a: { b: 1 } })).toBe(false);
    expect(matches({ a: [{ 'anything-but': 'x' }] }, {})).toBe(false);
    expect(matches({ 'replay-name': [{ exists: false }] }, { 'replay-name': 'r' })).toBe(false);
  });

  it('wants fields of one array element to match together', () => {
    const pattern = { items: { sku: ['a'], count: [2] } };
    expect(
      matches(pattern, {
        items: [
          { sku: 'a', count: 1 },
          { sku: 'b', count: 2 },
        ],
      }),
    ).toBe(false);
    expect(
      matches(pattern, {
        items: [
          { sku: 'a', count: 1 },
          { sku: 'a', count: 2 },
        ],
      }),
    ).toBe(true);
  });

  // Source: aws/event-ruler, ACFinder and NameState.getNameTransitions; run there: the first matches.
  it('takes a field for missing where the element has none, once an earlier field tells which element', () => {
    const event: JsonObject = {
      a: [
        { x: '1', z: '1' },
        { x: '2', y: 'y' },
      ],
    };
    const absent = [{ exists: false }];
    expect(matches({ a: { x: ['1'], y: absent } }, event)).toBe(true);
    expect(matches({ a: { x: ['2'], y: absent } }, event)).toBe(false);
    expect(matches({ a: { y: absent, z: ['1'] } }, event)).toBe(false);
    expect(matches({ a: { x: ['2'], y: [{ exists: false }, 'y'] } }, event)).toBe(true);
  });

  describe('with numbers that Event Ruler does not compare', () => {
    const exact = (pattern: string, value: string): boolean =>
      compilePattern(`{"n":[${pattern}]}`).matches(parseExactJson(`{"n":${value}}`) as JsonObject);

    // Source: aws/event-ruler, ComparableNumber.generate: a double whose shortest decimal is the number itself.
    it.each(['9007199254740993', '1e309', '1E-325', `1${'0'.repeat(400)}`, '5.00000000000000000001'])(
      'refuses to compare with %s, and finds it only as written',
      (number) => {
        expect(reason(`{"n":[{"numeric":["<",${number}]}]}`)).toBe(`Cannot compare number : ${number}`);
        expect(reason(`{"n":[{"anything-but":${number}}]}`)).toBe(`Cannot compare number : ${number}`);
        expect(reason(`{"n":[{"anything-but":[1,${number}]}]}`)).toBe(`Cannot compare number : ${number}`);
        expect(exact('{"numeric":[">",-1]}', number)).toBe(false);
        expect(exact(String(Number(number)).replace('Infinity', '0'), number)).toBe(false);
        expect(exact(number, number)).toBe(true);
        expect(exact('{"anything-but":1}', number)).toBe(true);
      },
    );

    it.each([
      ['301.8', '3.018e2'],
      ['9007199254740992', '9007199254740992'],
      ['0.1', '1.0E-1'],
      ['100', '1e2'],
      ['0', '0.00'],
      ['1e23', '100000000000000000000000'],
    ])('takes %s for %s', (pattern, value) => {
      expect(exact(pattern, value)).toBe(true);
      expect(exact(`{"numeric":["=",${pattern}]}`, value)).toBe(true);
    });
  });

  it('keeps elements of nested arrays together, and looks at scalars of an array one by one', () => {
    const people = [[{ name: 'Ann', ids: [1, 2] }], [{ name: 'Bob', ids: [3] }]];
    expect(matches({ people: { name: ['Ann'], ids: [2] } }, { people })).toBe(true);
    expect(matches({ people: { name: ['Ann'], ids: [3] } }, { people })).toBe(false);
    expect(matches({ ids: [{ 'anything-but': 1 }] }, { ids: [1, 2] })).toBe(true);
  });

  it('reads a key with a dot as two steps', () => {
    expect(matches({ detail: { 'c.count': [5] } }, { detail: { c: { count: 5 } } })).toBe(true);
  });

  it('branches at $or, nested and beside other fields', () => {
    const pattern = { source: ['s'], $or: [{ a: [1] }, { detail: { $or: [{ b: [2] }, { c: [3] }] } }] };
    expect(matches(pattern, { source: 's', a: 1 })).toBe(true);
    expect(matches(pattern, { source: 's', detail: { c: 3 } })).toBe(true);
    expect(matches(pattern, { source: 't', detail: { c: 3 } })).toBe(false);
    expect(matches(pattern, { source: 's', detail: { b: 3 } })).toBe(false);
  });

  it.each([
    ['{"a":"b"}', '"a" must be an object or an array'],
    ['{"a":[]}', 'Empty arrays are not allowed'],
    ['{"a":{}}', 'Empty objects are not allowed'],
    ['{"a":[{"starts":"b"}]}', 'Unrecognized match type starts'],
    ['{"a":[{"prefix":"b","suffix":"c"}]}', 'Only one key allowed in match expression'],
    ['{"a":[{"exists":"yes"}]}', 'exists match pattern must be either true or false.'],
    ['{"a":[{"numeric":[">",5,"<",1]}]}', 'Bottom must be less than top'],
    ['{"a":[{"numeric":["<",5,"<",6]}]}', 'Too many elements in numeric expression'],
    [
      '{"a":[{"anything-but":[1,"b"]}]}',
      'Inside anything but list, either all values are number or string, mixed type is not supported',
    ],
    ['{"a":[{"wildcard":"b**"}]}', 'Consecutive wildcard characters at pos 2'],
    ['{"a":[{"wildcard":"b\\\\c"}]}', 'Invalid escape character at pos 2'],
    ['{"a":[{"cidr":"10.0.0.0/32"}]}', 'IPv4 mask bits must be < 32'],
    ['{"a":[{"cidr":"::1/128"}]}', 'IPv6 mask bits must be < 128'],
    ['{"a":[{"prefix":{"wildcard":"a*"}}]}', 'Unsupported prefix pattern: wildcard'],
    ['{"a":[{"suffix":{}}]}', 'Suffix expression name not found'],
    ['{"a":[{"numeric":["=",1],"prefix":"b"}]}', 'Too many elements in numeric expression'],
    ['{"$or":{"a":[1]}}', 'It must be an Array followed with $or.'],
    ['{"$or":[{"a":[1]},[]]}', 'Only JSON object is allowed in array of $or relationship.'],
    ['{"$or":[{"a":[1]},{"b":{"regex":[1]}}]}', 'regex is Ruler reserved fieldName which cannot be used inside $or.'],
    ['{"$or":[{"a":[1]}]}', 'There must have at least 2 Objects in $or relationship.'],
    ['{"$or":[{"prefix":[1]},{"b":[1]}]}', 'prefix is Ruler reserved fieldName which cannot be used inside $or.'],
  ])('is refused: %s', (pattern, expected) => {
    expect(reason(pattern)).toBe(expected);
  });

  it('matches every scalar it lists, and anything-but is its opposite', () => {
    const scalar = fc.oneof(
      fc.string(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Object.is(n, -0)),
    );
    fc.assert(
      fc.property(scalar, scalar, (listed, sent) => {
        const event = { detail: { value: sent } };
        const equal = matches({ detail: { value: [listed] } }, event);
        expect(equal).toBe(listed === sent);
        expect(matches({ detail: { value: [{ 'anything-but': listed }] } }, event)).toBe(!equal);
      }),
    );
  });

  it('finds every text made by filling a wildcard', () => {
    const run = fc.string({ maxLength: 4 });
    fc.assert(
      fc.property(
        fc.array(run, { minLength: 2, maxLength: 5 }),
        fc.array(run, { minLength: 5, maxLength: 5 }),
        (runs, fill) => {
          const escaped = runs.map((text) => text.replace(/[\\*]/g, '\\$&'));
          fc.pre(runs.slice(1, -1).every((text) => text !== ''));
          const text = runs.reduce((sum, next, index) => sum + (fill[index] ?? '') + next);
          expect(matches({ v: [{ wildcard: escaped.join('*') }] }, { v: text })).toBe(true);
        },
      ),
    );
  });
});
