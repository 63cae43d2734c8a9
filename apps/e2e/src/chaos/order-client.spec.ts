import { seededRandom } from '@outbox/testing';
import type { AcceptedOrder } from './accepted-order';
import { OrderClient } from './order-client';
import { FakeOrders, type Defect } from './testing/fake-orders';

const SEEDS = Array.from({ length: 300 }, (_, seed) => seed);

async function runs(
  defect?: Defect,
): Promise<readonly { readonly accepted: AcceptedOrder; readonly api: FakeOrders }[]> {
  return Promise.all(
    SEEDS.map(async (seed) => {
      const api = new FakeOrders(seededRandom(seed, 1), defect);
      const client = new OrderClient(api, seededRandom(seed), `c-${seed}`, () => Promise.resolve());
      return { accepted: await client.run(), api };
    }),
  );
}

describe('OrderClient', () => {
  it('finds no answer wrong of an API that keeps its word while others change the order, and notes what was accepted', async () => {
    for (const { accepted, api } of await runs()) {
      expect(accepted.findings).toEqual([]);
      expect(accepted.told).toEqual({ kind: 'answers', answers: api.accepted });
    }
  });

  it.each<Defect>([
    'accepts-stale',
    'accepts-illegal',
    'refuses-legal',
    'fails-current',
    'forgets-answers',
    'skips-version',
    'reads-old',
  ])('finds an answer wrong of an API that %s', async (defect) => {
    const findings = (await runs(defect)).flatMap(({ accepted }) => accepted.findings);
    expect(new Set(findings.map(({ kind }) => kind))).toEqual(new Set(['wrong-answer']));
  });
});
