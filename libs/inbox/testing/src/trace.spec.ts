import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTracer } from '@outbox/function-kit';
import { consumer } from '@outbox/inbox-dynamodb';
import { defineAggregate } from '@outbox/outbox-envelope';
import { createMemoryOutbox } from '@outbox/outbox-testing';
import { recordingTelemetry, recordingTracer } from '@outbox/testing';
import * as z from 'zod/mini';
import { deliver } from './deliver';

const parcel = defineAggregate('parcel', { events: { Moved: { v1: z.object({ place: z.string() }) } } });
const note = defineAggregate('note', { events: { Sent: { v1: z.object({ to: z.string() }) } } });

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const tracestate = 'vendor=1';

describe('the trace of a request', () => {
  it('goes on over event, consumer, outside call and what that emits, each a part of the one before', async () => {
    const tracer = recordingTracer();
    const { outbox, commit } = setUp(tracer);
    const called: unknown[] = [];
    await commit('p-1', { traceparent, tracestate });
    const { emitted } = await deliver(courier(called), outbox.events(), { outbox, tracer });

    const [committed] = outbox.events();
    const commitSpan = tracer.span('commit parcel');
    expect(commitSpan).toMatchObject({
      parentSpanId: 'b7ad6b7169203331',
      attributes: { 'outbox.outcome': 'committed' },
    });
    expect(committed).toMatchObject({ traceparent: parentOf(commitSpan), tracestate });

    const process = tracer.span('process ParcelMoved');
    const [wait, call, complete] = [tracer.span('queue wait'), tracer.span('call'), tracer.span('complete')];
    expect([wait.parentSpanId, process.parentSpanId]).toEqual([commitSpan.spanId, commitSpan.spanId]);
    expect([call.parentSpanId, complete.parentSpanId]).toEqual([process.spanId, process.spanId]);
    expect(process.attributes).toMatchObject({ 'outbox.event.id': committed?.id, 'outbox.outcome': 'apply' });
    expect(called).toEqual([{ traceparent: parentOf(call), tracestate }]);
    expect(emitted).toMatchObject([{ traceparent: parentOf(complete), tracestate, causationid: committed?.id }]);
    expect(new Set(tracer.spans.map(({ traceId }) => traceId))).toEqual(new Set(['0af7651916cd43dd8448eb211c80319c']));
    expect(tracer.flushes()).toBe(1);
  });

  it('is passed on as it came where nothing is recorded', async () => {
    const { outbox, commit } = setUp();
    const called: unknown[] = [];
    await commit('p-1', { traceparent, tracestate });
    const { emitted } = await deliver(courier(called), outbox.events(), { outbox });
    expect([...outbox.events(), ...emitted]).toMatchObject(Array(3).fill({ traceparent, tracestate }));
    expect(called).toEqual([{ traceparent, tracestate }]);
  });

  it('is not passed on to others where it is none', async () => {
    const { outbox, commit } = setUp();
    const called: unknown[] = [];
    await commit('p-1', { traceparent: 'no\ntrace', tracestate });
    expect(await deliver(courier(called), outbox.events(), { outbox })).toMatchObject({ deadLetters: [] });
    expect(called).toEqual([{}]);
  });

  it.each([
    ['refuses', 500],
    ['hangs', undefined],
  ])('fails no event when its collector %s', async (_how, status) => {
    const server = createServer((request, response) => {
      request.resume().on('end', () => status !== undefined && response.writeHead(status).end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { logger, logged } = recordingTelemetry();
    const tracer = createTracer({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `http://127.0.0.1:${port}/v1/traces` }, logger);
    const { outbox, commit } = setUp();
    for (const id of ['p-1', 'p-2', 'p-3']) await commit(id, { traceparent });
    const called: unknown[] = [];
    const ids = ['n-1', 'n-2', 'n-3'];
    const startedAt = performance.now();
    try {
      const { emitted, deadLetters } = await deliver(courier(called, ids), outbox.events(), { outbox, tracer });
      expect([emitted.length, deadLetters, called.length, logged.length]).toEqual([3, [], 3, 1]);
      expect(performance.now() - startedAt).toBeLessThan(2_000);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('tells a failed call from its repeat', async () => {
    const tracer = recordingTracer();
    const { outbox, commit } = setUp();
    await commit('p-1', { traceparent });
    let attempts = 0;
    const flaky = consumer({
      name: 'courier',
      policy: 'once',
      on: parcel,
      callTimeout: '5s',
      call: () => {
        if ((attempts += 1) === 1) throw new Error('down');
      },
    });
    await deliver(flaky, outbox.events(), { outbox, tracer });
    const calls = tracer.spans.filter(({ name }) => name === 'call');
    expect(calls.map(({ attributes, error }) => [attributes['outbox.attempt'], String(error)])).toEqual([
      [1, 'Error: down'],
      [2, 'undefined'],
    ]);
    expect(tracer.spans.filter(({ name }) => name === 'process ParcelMoved')).toMatchObject([
      { attributes: { 'outbox.outcome': 'retry' }, error: 'Error: down' },
      { attributes: { 'outbox.outcome': 'apply' }, error: undefined },
    ]);
    // How long the second delivery was to be had nobody knows: it was hidden.
    expect(tracer.spans.filter(({ name }) => name === 'queue wait')).toHaveLength(1);
  });
});

function setUp(tracer?: ReturnType<typeof recordingTracer>) {
  const outbox = createMemoryOutbox({ tracer });
  const commit = (id: string, context: { traceparent: string; tracestate?: string }) =>
    outbox.commit({ aggregate: parcel, id, after: 0, events: [parcel.Moved({ place: 'Bern' })], context });
  return { outbox, commit };
}

function courier(called: unknown[], noteIds = ['n-1']) {
  const ids = [...noteIds];
  return consumer({
    name: 'courier',
    policy: 'once',
    on: parcel,
    callTimeout: '5s',
    call: (_event, { trace }) => void called.push(trace),
    complete: () => ({
      emit: [{ aggregate: note, id: ids.shift() ?? '', after: 0, events: [note.Sent({ to: 'ada' })] }],
    }),
  });
}

function parentOf({ traceId, spanId }: { readonly traceId: string; readonly spanId: string }): string {
  return `00-${traceId}-${spanId}-01`;
}
