import fc from 'fast-check';
import { AwsError } from '@outbox/local-cloud-kernel';
import { fromLocal, toLocal } from '../dynamodb-local/local-arns';
import type { Json } from './json';
import { fromJson, shapedError, toJson } from './shapes';

const place = { accountId: '111122223333', region: 'eu-west-1' };

describe('ARNs', () => {
  it('are rewritten where they are members, never inside an item', () => {
    const local = 'arn:aws:dynamodb:ddblocal:000000000000:table/orders';
    const mine = 'arn:aws:dynamodb:eu-west-1:111122223333:table/orders';
    const answer: Json = {
      Table: { TableArn: local, TableName: 'orders' },
      NextShardIterator: `${local}/stream/2026|001|abc`,
      Items: [{ TableArn: { S: local }, nested: { M: { StreamArn: { S: local } } } }],
    };

    expect(fromLocal(answer, place)).toEqual({
      ...answer,
      Table: { TableArn: mine, TableName: 'orders' },
      NextShardIterator: `${mine}/stream/2026|001|abc`,
    });
    expect(toLocal(fromLocal(answer, place), place)).toEqual(answer);
  });
});

describe('shapes', () => {
  it('survive the way to JSON and back', () => {
    // Dates as far as RFC 3339 goes: seconds with decimals hold no milliseconds of the year 142,000.
    const { attribute } = fc.letrec<{ attribute: object }>((tie) => ({
      attribute: fc.oneof(
        { maxDepth: 3 },
        fc.record({ S: fc.string() }),
        fc.record({ B: fc.uint8Array() }),
        fc.record({ BS: fc.array(fc.uint8Array(), { minLength: 1 }) }),
        fc.record({ L: fc.array(tie('attribute')) }),
        // Names that would be dates or binary, were they members of an answer.
        fc.record({ M: fc.dictionary(fc.constantFrom('B', 'BS', 'S', 'CreationDateTime', 'x'), tie('attribute')) }),
      ),
    }));
    fc.assert(
      fc.property(
        attribute,
        fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(Date.UTC(9999, 11, 31)) }),
        (value, date) => {
          const input = { Item: { a: value }, CreationDateTime: date };
          expect(fromJson(JSON.parse(JSON.stringify(toJson(input))) as Json)).toEqual(input);
        },
      ),
    );
  });

  it('reach into the members of an error', () => {
    const error = new AwsError('TransactionCanceledException', 'x', {
      members: { CancellationReasons: [{ Code: 'ConditionalCheckFailed', Item: { raw: { B: 'AAEC' } } }] },
    });
    expect(shapedError(error)).toMatchObject({
      code: 'TransactionCanceledException',
      members: { CancellationReasons: [{ Item: { raw: { B: Uint8Array.from([0, 1, 2]) } } }] },
    });
  });
});
