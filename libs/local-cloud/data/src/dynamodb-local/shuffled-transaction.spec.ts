import { AwsError } from '@outbox/local-cloud-kernel';
import * as fc from 'fast-check';
import { sendShuffled } from './shuffled-transaction';

/** A transaction of numbered parts. */
const transaction = (length: number, token = 't') => ({
  ClientRequestToken: token,
  TransactItems: Array.from({ length }, (_, part) => ({ Put: { part } })),
});

const partsOf = (body: object): number[] =>
  (body as ReturnType<typeof transaction>).TransactItems.map(({ Put: { part } }) => part);

async function sentOrder(length: number, token: string): Promise<number[]> {
  let order: number[] = [];
  await sendShuffled(transaction(length, token), (body) => {
    order = partsOf(body);
    return Promise.resolve({});
  });
  return order;
}

describe('sendShuffled', () => {
  it('sends every part once, in one order per request, and in both orders of two', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 100 }), fc.string(), async (length, token) => {
        const order = await sentOrder(length, token);
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length }, (_, part) => part));
        expect(await sentOrder(length, token)).toEqual(order);
      }),
    );
    const orders = await Promise.all(Array.from({ length: 20 }, (_, token) => sentOrder(2, String(token))));
    expect(new Set(orders.map(String))).toEqual(new Set(['0,1', '1,0']));
  });

  it('gives the reasons of a cancellation back in the caller’s order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 20 }), fc.string(), async (length, token) => {
        const failure = await sendShuffled(transaction(length, token), (body) => {
          const CancellationReasons = partsOf(body).map((part) => ({ Code: `C${part}` }));
          const codes = CancellationReasons.map(({ Code }) => Code).join(', ');
          throw new AwsError('TransactionCanceledException', `Cancelled [${codes}]`, {
            members: { CancellationReasons },
          });
        }).catch((error: unknown) => error as AwsError);
        const codes = Array.from({ length }, (_, part) => `C${part}`);
        expect(failure).toMatchObject({
          message: `Cancelled [${codes.join(', ')}]`,
          members: { CancellationReasons: codes.map((Code) => ({ Code })) },
        });
      }),
    );
  });

  it('tells what is wrong with a request by the caller’s places', async () => {
    const failure = sendShuffled(transaction(9), (body) => {
      throw new AwsError('ValidationException', `wrong at ${partsOf(body).indexOf(4)}`);
    });
    await expect(failure).rejects.toThrow('wrong at 4');
  });
});
