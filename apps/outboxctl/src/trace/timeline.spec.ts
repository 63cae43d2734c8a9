import { styleFor } from '@outbox/cli-kit';
import { consumerSubject as consumer, orderState, type Row } from '../testing/rows';
import { renderTrace } from './render';
import { buildTrace } from './timeline';

const order: Row = { pk: 'ORDER#o-1', sk: 'ORDER', status: 'CONFIRMED', version: 2 };
const created = outboxItem(1, 'OrderCreated', 'e-1');
const updated = outboxItem(2, 'OrderUpdated', 'e-2');
const hops = { relayedAt: at(40), busAt: '2026-01-01T00:00:00Z', queuedAt: at(60), appliedAt: at(90), receives: 1 };

describe('buildTrace', () => {
  it('joins an event with every consumer’s record of it', () => {
    const trace = buildTrace('o-1', orderState([order, created]), [
      consumer('fulfilment', 'once', [{ sk: 'EFFECT#0000000001', ...applied(1) }], ['OrderCreated']),
    ]);

    expect(trace.complete).toBe(true);
    expect(trace.events[0]).toMatchObject({
      version: 1,
      relayedAt: at(40),
      consumers: [{ consumer: 'fulfilment', state: 'done', queuedAt: at(60), appliedAt: at(90), receives: 1 }],
    });
  });

  it('expects nothing of a consumer that does not subscribe to the type', () => {
    const trace = buildTrace('o-1', orderState([order, updated]), [
      consumer('fulfilment', 'once', [], ['OrderCreated']),
    ]);

    expect(trace.events[0]?.consumers[0]?.state).toBe('not-subscribed');
    expect(trace.complete).toBe(true);
  });

  it('counts an older version as superseded for a latest consumer, as pending for an in-order one', () => {
    const head = { sk: 'INBOX', firstVersion: 1, lastVersion: 2, lastEventId: 'e-2', ...applied(2) };
    const trace = buildTrace('o-1', orderState([order, created, updated]), [
      consumer('order-view', 'latest', [head]),
      consumer('notifications', 'in-order', []),
    ]);

    expect(trace.events.map((event) => event.consumers.map((hop) => hop.state))).toEqual([
      ['superseded', 'pending'],
      ['done', 'pending'],
    ]);
    expect(trace.complete).toBe(false);
  });

  it('is not complete while there is no event at all', () => {
    expect(buildTrace('o-1', orderState([order]), []).complete).toBe(false);
  });
});

describe('renderTrace', () => {
  it('prints one line per hop with times since the commit, without colour when not on a terminal', () => {
    const rows = [{ sk: 'EFFECT#0000000001', ...applied(1) }];
    const trace = buildTrace('o-1', orderState([order, created]), [consumer('notifications', 'in-order', rows)]);

    const rendered = renderTrace({ aggregate: 'order', id: 'o-1' }, trace, styleFor({ isTTY: false }, {}));
    expect(rendered).toMatch(/^order\/o-1 {2}CONFIRMED {2}version 2\n/);
    expect(rendered).toContain('  notifications   queued +60 ms, done +90 ms (in-order)');
  });
});

function at(ms: number): string {
  return new Date(Date.UTC(2026, 0, 1) + ms).toISOString();
}

function outboxItem(version: number, type: string, id: string): Row {
  const sk = `EVENT#${String(version).padStart(10, '0')}`;
  return { pk: 'ORDER#o-1', sk, entity: 'OutboxEvent', id, type, committedAt: at(0), attempts: 0 };
}

/** The record of an event, as a consumer writes it beside its effect. */
function applied(version: number): Row {
  const type = version === 1 ? 'OrderCreated' : 'OrderUpdated';
  return { eventId: `e-${version}`, version, type, committedAt: at(0), ...hops };
}
