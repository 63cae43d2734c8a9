import * as fc from 'fast-check';
import { currencies, decimalsOf } from './currency';
import { formatAmount, parseAmount } from './money';
import { priceItems } from './price-items';

const currency = fc.constantFrom(...currencies());
const minor = fc.bigInt(0n, 999_999_999_999_999n);

describe('money', () => {
  it('reads back exactly what it prints, in every currency', () => {
    fc.assert(
      fc.property(currency, minor, (code, amount) => {
        const decimals = decimalsOf(code) ?? -1;
        expect(parseAmount(formatAmount(amount, decimals), decimals)).toEqual({ kind: 'amount', minor: amount });
      }),
    );
  });

  it('refuses one decimal more than the currency has', () => {
    fc.assert(
      fc.property(currency, minor, (code, amount) => {
        const decimals = decimalsOf(code) ?? -1;
        expect(parseAmount(formatAmount(amount, decimals + 1), decimals).kind).toBe('invalid');
      }),
    );
  });

  it.each(['-1', '+1', '1e3', '1.', '.5', '01', '1,00', ' 1', '', 'NaN', '١', '1.00\n'])('refuses %j', (text) => {
    expect(parseAmount(text, 2).kind).toBe('invalid');
  });

  it('knows the currencies without and with three decimals', () => {
    expect(['JPY', 'EUR', 'KWD', 'CLF', 'XXX'].map(decimalsOf)).toEqual([0, 2, 3, 4, undefined]);
  });

  it('totals exactly, whatever order the items come in', () => {
    const item = fc.record({
      sku: fc.constant('s'),
      quantity: fc.integer({ min: 1, max: 1000 }),
      cents: fc.bigInt(0n, 999_999n),
    });
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 20 }), (items) => {
        const requests = items.map(({ sku, quantity, cents }) => ({
          sku,
          quantity,
          unitPrice: formatAmount(cents, 2),
        }));
        const expected = items.reduce((sum, { quantity, cents }) => sum + BigInt(quantity) * cents, 0n);
        expect(priceItems(requests, 2)).toMatchObject({ kind: 'priced', total: formatAmount(expected, 2) });
        expect(priceItems(requests.reverse(), 2)).toMatchObject({ total: formatAmount(expected, 2) });
      }),
    );
  });

  it('refuses a total that no amount can hold', () => {
    const items = [{ sku: 's', quantity: 1_000_000, unitPrice: '9999999999999.99' }];
    expect(priceItems(items, 2)).toMatchObject({ kind: 'invalid', violations: [{ pointer: '/items' }] });
  });
});
