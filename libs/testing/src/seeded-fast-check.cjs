'use strict';
/**
 * fast-check with the seed that PROPERTY_SEED holds, so that a run can be repeated; jest.preset.js puts it in fast-check's
 * place when the variable is set. Where a property names a seed of its own, that one counts.
 */
const { dirname, join } = require('node:path');

// By its path: its name leads here.
const fc = require(join(dirname(require.resolve('fast-check/package.json')), 'lib/cjs/fast-check.js'));

const seed = Number(process.env['PROPERTY_SEED']);
if (!Number.isSafeInteger(seed)) {
  throw new Error(`PROPERTY_SEED must be a whole number, and is "${process.env['PROPERTY_SEED']}"`);
}
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });

module.exports = fc;
