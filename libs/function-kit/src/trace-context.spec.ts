import { newTraceContext, readTraceparent, traceContextOf, traceFields, writeTraceparent } from './trace-context';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';
const traceparent = `00-${traceId}-${spanId}-01`;

describe('trace context', () => {
  it.each([
    [traceparent, { traceId, spanId, isSampled: true }],
    [`00-${traceId}-${spanId}-00`, { traceId, spanId, isSampled: false }],
    // A flag that is not known yet says nothing about sampling.
    [`00-${traceId}-${spanId}-02`, { traceId, spanId, isSampled: false }],
    [`cc-${traceId}-${spanId}-03`, { traceId, spanId, isSampled: true }],
    [`ff-${traceId}-${spanId}-01`, undefined],
    [`00-${'0'.repeat(32)}-${spanId}-01`, undefined],
    [`00-${traceId}-${'0'.repeat(16)}-01`, undefined],
    [traceparent.toUpperCase(), undefined],
    [`${traceparent} `, undefined],
    [undefined, undefined],
  ])('reads %s', (text, expected) => expect(readTraceparent(text)).toEqual(expected));

  it('is written as it is read', () => {
    expect(writeTraceparent({ traceId, spanId, isSampled: true })).toBe(traceparent);
    expect(writeTraceparent({ traceId, spanId, isSampled: false })).toBe(`00-${traceId}-${spanId}-00`);
  });

  it.each([
    ['a=1,b=2', { traceparent, tracestate: 'a=1,b=2' }],
    ['', { traceparent }],
    [undefined, { traceparent }],
    ['x'.repeat(513), { traceparent }],
    ['a=\n', { traceparent, tracestate: 'a=' }],
    ['a=\n1', { traceparent }],
  ])('keeps tracestate %j as far as a header can hold it', (tracestate, expected) => {
    expect(traceContextOf(traceparent, tracestate)).toEqual(expected);
  });

  it('has no tracestate without a valid traceparent', () => {
    expect(traceContextOf('00-0-0-01', 'a=1')).toEqual({});
  });

  it('starts with random ids, and is found in logs by its id', () => {
    const started = newTraceContext((bytes) => new Uint8Array(bytes).fill(0xab));
    expect(started).toEqual({ traceparent: `00-${'ab'.repeat(16)}-${'ab'.repeat(8)}-01` });
    expect([traceFields(started), traceFields({ traceparent: 'none' })]).toEqual([{ traceId: 'ab'.repeat(16) }, {}]);
  });
});
