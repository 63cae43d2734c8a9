import { succeeded } from './batch-answer';

const ids = ['a', 'b', 'c'];
const answer = (text: string, failed = false) => ({ payload: Buffer.from(text), failed });

describe('what a batch answer lets be deleted', () => {
  it.each([
    ['null', ids],
    ['', ids],
    ['{}', ids],
    ['[]', ids],
    ['{"batchItemFailures":[]}', ids],
    ['{"batchItemFailures":null}', ids],
    ['{"batchItemFailures":[{"itemIdentifier":"b"}]}', ['a', 'c']],
    ['{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"b"},{"itemIdentifier":"c"}]}', []],
    ['{"batchItemFailures":[{"itemIdentifier":""}]}', []],
    ['{"batchItemFailures":[{"itemIdentifier":null}]}', []],
    ['{"batchItemFailures":[{"wrongKey":"b"}]}', []],
    ['{"batchItemFailures":[{"itemIdentifier":"unknown"}]}', []],
    ['{"batchItemFailures":"b"}', []],
    ['"ok"', []],
    ['[{"itemIdentifier":"b"}]', []],
    ['[', []],
  ])('%s', (text, expected) => {
    expect(succeeded(ids, answer(text), true)).toEqual(expected);
  });

  it('is everything without ReportBatchItemFailures, and nothing when the function failed', () => {
    expect(succeeded(ids, answer('{"batchItemFailures":[{"itemIdentifier":"b"}]}'), false)).toEqual(ids);
    expect(succeeded(ids, answer('{}', true), true)).toEqual([]);
    expect(succeeded(ids, answer('{}', true), false)).toEqual([]);
  });
});
