import { CorruptItemError, itemReader, type ItemReader } from './item';

describe('itemReader', () => {
  const read = itemReader('books', {
    pk: { S: 'BOOK#1' },
    sk: { S: 'BOOK' },
    total: { N: '12.5' },
    placedBy: { M: { name: { S: 'Ann' } } },
    items: { L: [{ M: { code: { S: 'a' } } }, { M: { code: { N: '1' } } }] },
  });

  it('reads texts, numbers, maps and lists of maps', () => {
    expect(read.text('sk')).toBe('BOOK');
    expect(read.number('total')).toBe(12.5);
    expect(read.map('placedBy').text('name')).toBe('Ann');
    expect(read.maps('items')[0]?.text('code')).toBe('a');
    expect(read.optionalTexts('sk', 'note')).toStrictEqual({ sk: 'BOOK' });
    expect(read.optionalNumber('note')).toBeUndefined();
  });

  it.each<[attribute: string, use: (item: ItemReader) => unknown]>([
    ['note', (item) => item.text('note')],
    ['total', (item) => item.text('total')],
    ['sk', (item) => item.number('sk')],
    ['sk', (item) => item.map('sk')],
    ['sk', (item) => item.maps('sk')],
    ['placedBy.age', (item) => item.map('placedBy').number('age')],
    ['items.1.code', (item) => item.maps('items').map((one) => one.text('code'))],
    ['total', (item) => item.corrupt('total')],
  ])('names table, key and attribute of what is missing or not of its type: %s', (attribute, use) => {
    expect(() => use(read)).toThrow(new CorruptItemError('books', 'BOOK#1 BOOK', attribute));
  });

  it('says so when there is not even a key', () => {
    expect(() => itemReader('books', {}).text('id')).toThrow(
      'item ? ? of table books: attribute id is missing or not of its type',
    );
  });
});
