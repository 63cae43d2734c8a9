import fc from 'fast-check';
import { explore, walk } from './testing/explore';
import { protocol, type ProtocolOptions } from './testing/protocol';

/*
 * Every interleaving of the steps of writers, relay, acknowledger, sweeper and consumers is tried, over one
 * aggregate, by the rules that the product runs. A fault is one of: anybody dies before or after a step, an answer is
 * lost, the stream or the acknowledger's queue loses a record, a message is delivered while it is handled, a call fails,
 * time passes too early. Records of the stream and messages are shuffled always; time and operators' redrives are
 * no faults where all else is at rest.
 *
 * What is checked: sequences without holes, two sweeps never own one event, each event completed once by each consumer,
 * in order under `in-order` and never back under `latest`, one call at a time and in its turn, nothing dropped that was
 * not completed, nothing set aside as a gap while what is missing may still come, and from every state that everything
 * comes to be published, acknowledged and completed.
 *
 * Consumers share nothing but the bus, so those that are explored alone with more faults behave as they would together.
 */
const inOrder = { kind: 'in-order', start: 'beginning', parkBudgetSeconds: 3_600 } as const;
const CONSUMERS = {
  counter: { policy: { kind: 'once' }, calls: false },
  journal: { policy: inOrder, calls: false },
  view: { policy: { kind: 'latest' }, calls: false },
  booking: { policy: { kind: 'once' }, calls: true },
  mail: { policy: inOrder, calls: true },
  probe: { policy: { kind: 'latest' }, calls: true },
} as const satisfies ProtocolOptions['consumers'];
const { counter, journal, view, booking, mail, probe } = CONSUMERS;

describe('from commit to effect', () => {
  // The last column is how many states there were when this was written: fewer than half means that steps are missing.
  it.each<[string, ProtocolOptions, number]>([
    ['in-order and once, four events', { writers: [2, 2], consumers: { journal, counter }, faults: 0 }, 295_924],
    ['in-order and once, a fault', { writers: [1, 1], consumers: { journal, counter }, faults: 1 }, 29_647],
    ['latest and a call under once, a fault', { writers: [1, 1], consumers: { view, booking }, faults: 1 }, 94_894],
    ['once, two faults', { writers: [1, 1], consumers: { counter }, faults: 2 }, 23_559],
    ['in-order, two faults', { writers: [1, 1], consumers: { journal }, faults: 2 }, 53_103],
    ['latest, two faults', { writers: [1, 1], consumers: { view }, faults: 2 }, 29_719],
    ['a call under once, two faults', { writers: [1, 1], consumers: { booking }, faults: 2 }, 132_086],
    ['a call under in-order, two faults', { writers: [1, 1], consumers: { mail }, faults: 2 }, 186_519],
    ['a call under latest, two faults', { writers: [1, 1], consumers: { probe }, faults: 2 }, 161_110],
  ])(
    'nothing is lost, doubled or out of order, whatever happens when: %s',
    (_name, options, states) => {
      expect(explore(protocol(options)).states).toBeGreaterThan(states / 2);
    },
    60_000,
  );

  // Four events with faults have more states than fit: ways through them are drawn instead.
  it.each<[string, ProtocolOptions]>([
    ['in-order and once', { writers: [2, 2], consumers: { journal, counter }, faults: 3 }],
    ['calls under in-order and once', { writers: [2, 2], consumers: { mail, booking }, faults: 3 }],
    ['latest, and a call under it', { writers: [2, 2], consumers: { view, probe }, faults: 3 }],
  ])(
    'nothing is lost, doubled or out of order on ways drawn with three faults: two writers, four events, %s',
    (_name, options) => {
      const model = protocol(options);
      const choices = fc.array(fc.nat(), { minLength: 40, maxLength: 120, size: 'max' });
      fc.assert(
        fc.property(choices, (drawn) => walk(model, drawn)),
        { numRuns: 1_000 },
      );
    },
    60_000,
  );
});
