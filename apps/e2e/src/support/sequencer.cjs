const { default: Sequencer } = require('@jest/test-sequencer');

/** One stack for the whole suite, so order matters once: `destroy.local.spec.ts` runs last. */
module.exports = class extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => (path.endsWith('destroy.local.spec.ts') ? 1 : 0);
    return [...tests].sort((a, b) => rank(a) - rank(b) || a.path.localeCompare(b.path));
  }
};
