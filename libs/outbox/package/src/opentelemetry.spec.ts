import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { openTelemetryTracer } from './opentelemetry';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const parent = { traceparent: `00-${traceId}-b7ad6b7169203331-01`, tracestate: 'vendor=1' };

describe('a tracer over OpenTelemetry’s API', () => {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  beforeEach(() => exporter.reset());
  afterEach(() => {
    trace.disable();
    context.disable();
  });
  const register = () => {
    trace.setGlobalTracerProvider(provider);
    context.setGlobalContextManager(new AsyncLocalStorageContextManager());
    return openTelemetryTracer({ flush: () => provider.forceFlush() });
  };

  it('makes spans of the registered provider, in the trace of their parent', async () => {
    const tracer = register();
    const link = { traceparent: `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01` };
    const span = tracer.start({
      name: 'call',
      kind: 'client',
      parent,
      links: [link, {}],
      attributes: { a: 1 },
      startedAt: 1_000,
    });
    span.set({ b: 'x' });
    span.fail(new Error('no'));
    span.end(2_500);
    await tracer.flush();
    const [made] = exporter.getFinishedSpans();
    expect(made).toMatchObject({
      name: 'call',
      kind: 2,
      startTime: [1, 0],
      endTime: [2, 500_000_000],
      attributes: { a: 1, b: 'x' },
      links: [{ context: { traceId: 'c'.repeat(32), spanId: 'd'.repeat(16) } }],
      status: { code: 2, message: 'no' },
      parentSpanContext: { traceId, spanId: 'b7ad6b7169203331' },
    });
    expect(span.context).toEqual({
      traceparent: `00-${traceId}-${made?.spanContext().spanId}-01`,
      tracestate: 'vendor=1',
    });
  });

  it('is what is active while work runs in it, and a part of what is active where no parent is given', async () => {
    const tracer = register();
    const outer = tracer.start({ name: 'process', parent });
    await outer.run(async () => {
      await Promise.resolve();
      trace.getTracer('instrumentation').startSpan('http').end();
      tracer.start({ name: 'commit' }).end();
    });
    outer.end();
    const spans = exporter.getFinishedSpans();
    const outerId = spans.find(({ name }) => name === 'process')?.spanContext().spanId;
    expect(spans.map(({ name, parentSpanContext }) => [name, parentSpanContext?.spanId])).toEqual([
      ['http', outerId],
      ['commit', outerId],
      ['process', 'b7ad6b7169203331'],
    ]);
  });

  it('passes a trace on while no provider is registered', async () => {
    const tracer = openTelemetryTracer();
    expect(tracer.start({ name: 'x', parent }).context).toEqual(parent);
    expect(tracer.start({ name: 'x' }).context).toEqual({});
    expect(tracer.start({ name: 'x' }).run(() => 7)).toBe(7);
    await tracer.flush();
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('the collector is gone'))],
    [
      'throws',
      () => {
        throw new Error('the collector is gone');
      },
    ],
  ])('lets no flush fail that %s', async (_how, flush: () => Promise<void>) => {
    await expect(openTelemetryTracer({ flush }).flush()).resolves.toBeUndefined();
  });

  it('waits half a second for a flush that hangs', async () => {
    jest.useFakeTimers();
    try {
      const waiting = openTelemetryTracer({ flush: () => new Promise(() => undefined) }).flush();
      await jest.advanceTimersByTimeAsync(500);
      await expect(waiting).resolves.toBeUndefined();
    } finally {
      jest.useRealTimers();
    }
  });
});
