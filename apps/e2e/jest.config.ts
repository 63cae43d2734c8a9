/**
 * SUITE=flow: what a stack does by itself; SUITE=operate: what people do to it, from an apply to a replay; neither: all, on
 * one stack.
 */
const suites: Readonly<Record<string, object>> = {
  flow: { testMatch: ['<rootDir>/src/**/*.spec.ts'], testPathIgnorePatterns: ['/src/operate/'] },
  operate: {
    testMatch: ['<rootDir>/src/operate/*.spec.ts', '<rootDir>/src/{terraform,operations.local}.spec.ts'],
    testPathIgnorePatterns: [],
  },
};
const suite = process.env['SUITE'] ?? '';
if (suite !== '' && suites[suite] === undefined) throw new Error(`SUITE is flow, operate or not set, not ${suite}`);

export default {
  displayName: 'e2e',
  preset: '../../jest.preset.js',
  globalSetup: './src/support/global-setup.ts',
  globalTeardown: './src/support/global-teardown.ts',
  testSequencer: './src/support/sequencer.cjs',
  // What only holds for the local cloud is called *.local.spec.ts.
  ...(process.env['TARGET'] === 'aws' ? { testPathIgnorePatterns: ['\\.local\\.spec\\.ts$'] } : suites[suite]),
  testTimeout: 120_000,
  maxWorkers: 1,
};
