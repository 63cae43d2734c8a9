import { parseChangeOrder, parsePlaceOrder } from './requests';

const item = { sku: 'sku-1', quantity: 1, unitPrice: '1.00' };
const body = { customerId: 'c-1', currency: 'EUR', items: [item] };

describe('parsePlaceOrder', () => {
  it('takes a valid body as it is', () => {
    expect(parsePlaceOrder(body)).toEqual({ kind: 'valid', value: body });
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, ''],
    ['null', null, ''],
    ['an array', [], ''],
    ['a missing field', { ...body, currency: undefined }, '/currency'],
    ['an unknown field', { ...body, surprise: 1 }, '/surprise'],
    ['an unknown field of an item', { ...body, items: [{ ...item, 'a/b~c': 1 }] }, '/items/0/a~1b~0c'],
    [
      '__proto__ as a field',
      JSON.parse('{"customerId":"c","currency":"EUR","items":[],"__proto__":{"x":1}}'),
      '/__proto__',
    ],
    ['no items', { ...body, items: [] }, '/items'],
    ['501 items', { ...body, items: Array.from({ length: 501 }, () => item) }, '/items'],
    ['a quantity of 0', { ...body, items: [{ ...item, quantity: 0 }] }, '/items/0/quantity'],
    ['half a piece', { ...body, items: [{ ...item, quantity: 0.5 }] }, '/items/0/quantity'],
    ['a quantity as text', { ...body, items: [{ ...item, quantity: '1' }] }, '/items/0/quantity'],
    ['a price as a number', { ...body, items: [{ ...item, unitPrice: 1 }] }, '/items/0/unitPrice'],
    ['65 bytes of id', { ...body, customerId: 'x'.repeat(65) }, '/customerId'],
    ['33 two-byte letters of id', { ...body, customerId: 'ß'.repeat(33) }, '/customerId'],
    ['a control character', { ...body, customerId: 'c\u0000' }, '/customerId'],
    ['half a character', { ...body, customerId: 'c\ud800' }, '/customerId'],
    ['U+FFFE, which no queue takes', { ...body, items: [{ ...item, sku: 's\ufffe' }] }, '/items/0/sku'],
    ['U+FFFF, which no queue takes', { ...body, customerId: '\uffff' }, '/customerId'],
  ])('names the place of %s', (_what, request, pointer) => {
    const parsed = parsePlaceOrder(request);
    expect(parsed.kind === 'invalid' && parsed.violations.map((violation) => violation.pointer)).toContain(pointer);
  });

  it('names every invalid place at once', () => {
    const parsed = parsePlaceOrder({
      customerId: '',
      currency: 'EUR',
      items: [{ sku: '', quantity: 0, unitPrice: '1.999' }],
    });
    expect(parsed.kind === 'invalid' && parsed.violations.map((violation) => violation.pointer)).toEqual([
      '/customerId',
      '/items/0/sku',
      '/items/0/quantity',
      '/items/0/unitPrice',
    ]);
  });

  it('says what a value should be instead', () => {
    const request = {
      customerId: 1,
      currency: 'XXQ',
      items: [
        { ...item, quantity: '1' },
        { sku: 's', unitPrice: null },
      ],
    };
    const parsed = parsePlaceOrder(request);
    expect(parsed.kind === 'invalid' && parsed.violations).toEqual([
      { pointer: '/customerId', detail: 'must be of type string' },
      { pointer: '/currency', detail: 'must be an active ISO 4217 currency code, such as EUR' },
      { pointer: '/items/0/quantity', detail: 'must be a whole number' },
      { pointer: '/items/1/quantity', detail: 'must be a whole number' },
      { pointer: '/items/1/unitPrice', detail: 'must be of type string' },
    ]);
    const missing = parsePlaceOrder({});
    expect(missing.kind === 'invalid' && missing.violations.map((violation) => violation.detail)).toEqual(
      Array(3).fill('is missing'),
    );
  });

  it('takes 64 bytes of any script', () => {
    expect(parsePlaceOrder({ ...body, customerId: '語'.repeat(21) }).kind).toBe('valid');
  });
});

describe('parseChangeOrder', () => {
  it.each([{ status: 'CONFIRMED' }, { items: [item] }, { status: 'CONFIRMED', items: [item] }])(
    'takes %j',
    (change) => {
      expect(parseChangeOrder(change)).toEqual({ kind: 'valid', value: change });
    },
  );

  it.each([{}, { status: 'LOST' }, { currency: 'USD' }])('refuses %j', (change) => {
    expect(parseChangeOrder(change).kind).toBe('invalid');
  });
});
