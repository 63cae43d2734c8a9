import { recordFilter } from '@outbox/local-cloud-streams';
import { readFilters } from './filter';

const record = (body: string) => ({
  messageId: 'm',
  receiptHandle: 'r',
  body,
  messageAttributes: { kind: { stringValue: 'test', dataType: 'String' } },
});

describe('filter criteria of a mapping', () => {
  it.each([
    ['JSON body, JSON pattern', '{"type":"a"}', '{"body":{"type":["a"]}}', true],
    ['JSON body, another value', '{"type":"b"}', '{"body":{"type":["a"]}}', false],
    ['JSON body, text pattern', '{"type":"a"}', '{"body":["a"]}', false],
    ['plain body, JSON pattern', 'a', '{"body":{"type":["a"]}}', false],
    ['plain body, text pattern', 'abc', '{"body":[{"prefix":"a"}]}', true],
    ['a number is a plain body', '123', '{"body":["123"]}', true],
    ['no pattern for the body', '{', '{"messageAttributes":{"kind":{"stringValue":["test"]}}}', true],
  ])('%s', (_, body, pattern, expected) => {
    expect(recordFilter([pattern])(record(body))).toBe(expected);
  });

  it('let a record pass that one of them matches, and everything when there is none', () => {
    expect(recordFilter(['{"body":["a"]}', '{"body":["b"]}'])(record('b'))).toBe(true);
    expect(recordFilter([])(record('b'))).toBe(true);
  });

  it.each([
    [['{"body":'], 'Invalid filter pattern definition.'],
    [['{"body":"a"}'], 'Invalid filter pattern definition.'],
    [[`{"body":["${'a'.repeat(4096)}"]}`], 'Invalid filter pattern definition.'],
    [Array.from({ length: 6 }, () => '{"body":["a"]}'), 'exceeds the limit of 5'],
  ])('are refused when AWS refuses them: %.60j', (patterns, message) => {
    expect(() => readFilters({ Filters: patterns.map((Pattern) => ({ Pattern })) })).toThrow(message);
  });
});
