const { default: Sequencer } = require('@jest/test-sequencer');

/** Counts what the stack does: nothing of another spec may still be under way. */
const FIRST = 'event-requests.local.spec.ts';

/** These run last, in this order. */
const LAST = [
  // Leaves functions with other code than the build's.
  'safe-change.local.spec.ts',
  // These move the clock by days, or leave messages in queues.
  'alarms.local.spec.ts',
  'pipe-outage.local.spec.ts',
  'chaos.local.spec.ts',
  // Checks the permissions that all specs before it used.
  'least-privilege.local.spec.ts',
  // Destroys the stack.
  'destroy.local.spec.ts',
  // Checks the operations that all specs called, the destroy included.
  'operations.local.spec.ts',
];

/** One stack for the whole suite, so the order of its files matters. */
module.exports = class extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => (path.endsWith(FIRST) ? -2 : LAST.findIndex((name) => path.endsWith(name)));
    return [...tests].sort((a, b) => rank(a) - rank(b) || a.path.localeCompare(b.path));
  }
};
