const { default: Sequencer } = require('@jest/test-sequencer');

/**
 * Last of all, in this order: what leaves functions with other code than the build's, what moves the clock by days and
 * leaves messages in queues, what looks at the traffic of all others, what ends the stack, what all of it called.
 */
const LAST = [
  'safe-change.local.spec.ts',
  'alarms.local.spec.ts',
  'pipe-outage.local.spec.ts',
  'chaos.local.spec.ts',
  'least-privilege.local.spec.ts',
  'destroy.local.spec.ts',
  'operations.local.spec.ts',
];

/** One stack for the whole suite, so the order of its files matters. */
module.exports = class extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => LAST.findIndex((name) => path.endsWith(name));
    return [...tests].sort((a, b) => rank(a) - rank(b) || a.path.localeCompare(b.path));
  }
};
