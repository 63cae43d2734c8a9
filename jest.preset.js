const nxPreset = require('@nx/jest/preset').default;

/** Types are checked by the `typecheck` target; specs only strip them. */
module.exports = {
  ...nxPreset,
  testEnvironment: 'node',
  transform: {
    '^.+\\.m?[tj]s$': ['ts-jest', { tsconfig: '<rootDir>/tsconfig.json', diagnostics: false }],
  },
  moduleFileExtensions: ['ts', 'mts', 'js', 'mjs', 'cjs', 'json'],
  collectCoverageFrom: ['src/**/*.ts'],
};
