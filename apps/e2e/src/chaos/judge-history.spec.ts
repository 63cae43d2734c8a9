import { judgeHistory } from './judge-history';
import { committed, orderAt } from './testing/rows';

const step = (version: number, more: Readonly<Record<string, unknown>>) =>
  committed({ version, data: orderAt(version, more) });

describe('judgeHistory', () => {
  it('finds nothing where each version rests on the one before', () => {
    const history = [
      committed({ version: 1 }),
      step(2, { status: 'PLACED', items: ['sku-2'], changed: ['items'] }),
      step(3, { items: ['sku-2'] }),
      step(4, { status: 'CANCELLED', items: ['sku-2'] }),
    ];
    expect(judgeHistory(history)).toEqual([]);
  });

  it.each([
    ['a status that can’t follow', [step(1, { status: 'CANCELLED' }), step(2, {})]],
    ['a field that was undone', [step(1, { items: ['sku-2'] }), step(2, {})]],
    ['a field that came from nowhere', [step(1, {}), step(2, { note: 'x' })]],
  ])('finds %s', (_, history) => {
    expect(judgeHistory(history)).toEqual([expect.objectContaining({ kind: 'lost' })]);
  });
});
