const { join } = require('node:path');
const nxPreset = require('@nx/jest/preset').default;

/** Types are checked by the `typecheck` target; specs only strip them. */
module.exports = {
  ...nxPreset,
  testEnvironment: 'node',
  transform: {
    '^.+\\.m?[tj]s$': [
      '@swc/jest',
      {
        swcrc: false,
        sourceMaps: 'inline',
        jsc: { parser: { syntax: 'typescript', decorators: false }, target: 'es2024' },
        module: { type: 'commonjs' },
      },
    ],
  },
  // Only what hangs takes so long; a busy machine may well take five seconds for what starts a program.
  testTimeout: 30_000,
  // Each run tries other examples, unless it is told which.
  ...(process.env['PROPERTY_SEED']
    ? { moduleNameMapper: { '^fast-check$': join(__dirname, 'libs/testing/src/seeded-fast-check.cjs') } }
    : {}),
  moduleFileExtensions: ['ts', 'mts', 'js', 'mjs', 'cjs', 'json'],
  collectCoverageFrom: ['src/**/*.ts'],
};
