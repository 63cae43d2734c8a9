import { logLine } from './log-line.ts';

const at = Date.parse('2026-11-30T16:04:13.309Z');

describe('logLine', () => {
  it('tells what a structured line says, without what is in every line', () => {
    const record = { level: 'INFO', message: 'placed', timestamp: 'x', service: 'y', orderId: 'o-1', items: [1, 2] };
    expect(logLine('orders-api', at, `${JSON.stringify(record)}\n`)).toBe(
      '16:04:13.309  orders-api  INFO  placed  orderId=o-1  items=[1,2]',
    );
  });

  it('leaves any other line as it is, errors of the runtime too', () => {
    expect(logLine('orders-api', at, '{not json')).toBe('16:04:13.309  orders-api  {not json');
    expect(logLine('orders-api', at, 'x Task timed out after 3.00 seconds')).toMatch(/timed out/);
  });

  it.each([
    'START RequestId: 1 Version: 2',
    'END RequestId: 1',
    'REPORT RequestId: 1\tDuration: 1 ms',
    'INIT_START x',
    '',
    '{"_aws":{},"a":1}',
  ])('leaves out %s', (line) => {
    expect(logLine('orders-api', at, line)).toBeUndefined();
  });
});
