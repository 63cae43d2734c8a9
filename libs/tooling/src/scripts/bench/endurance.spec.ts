import { ordersOf, verdictOn } from './endurance.ts';

describe('ORDERS', () => {
  it('is how many, 10,000 unless it is set', () => {
    expect(ordersOf({ environment: { ORDERS: '100000' } })).toBe(100_000);
    expect(ordersOf({ environment: { ORDERS: '' } })).toBe(10_000);
  });

  it.each(['many', '0', '99', '-500', '1e4', '12345678'])('is refused: %s', (ORDERS) => {
    expect(() => ordersOf({ environment: { ORDERS } })).toThrow(`ORDERS=${ORDERS} is no number from`);
  });
});

describe('memory', () => {
  type Of = (index: number) => number;
  const run = (engineMb: Of, functionMb: Of, keptMb: Of = () => 50) =>
    Array.from({ length: 21 }, (_, index) => ({
      orders: index * 1_000,
      engineMb: engineMb(index),
      keptMb: keptMb(index),
      functionMb: functionMb(index),
    }));
  const full = (index: number) => Math.min(300, 100 + 25 * index);

  it('is flat once what is kept has filled', () => {
    expect(verdictOn(run(full, () => 80))).toEqual({
      isFlat: true,
      text: 'Memory of the engine over the second half: 0.0 %, flat\nMemory of what the engine keeps over the second half: 0.0 %, flat\nMemory of a function over the second half: 0.0 %, flat',
    });
  });

  it('is not where the engine, or a function, keeps something of every order', () => {
    const grows = (index: number) => 100 + 5 * index;
    expect(verdictOn(run(grows, () => 80))).toMatchObject({
      isFlat: false,
      text: expect.stringContaining(
        'the engine over the second half: 28.6 %, more than 10 %: it grows with the orders',
      ),
    });
    expect(verdictOn(run(full, grows))).toMatchObject({
      isFlat: false,
      text: expect.stringMatching(
        /^Memory of the engine .* flat\n.* flat\nMemory of a function .* grows with the orders$/,
      ),
    });
    expect(verdictOn(run(full, full, grows)).isFlat).toBe(false);
  });
});
