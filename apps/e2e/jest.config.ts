export default {
  displayName: 'e2e',
  preset: '../../jest.preset.js',
  globalSetup: './src/support/global-setup.ts',
  globalTeardown: './src/support/global-teardown.ts',
  testSequencer: './src/support/sequencer.cjs',
  // What only holds for the local cloud is called *.local.spec.ts.
  testPathIgnorePatterns: process.env['TARGET'] === 'aws' ? ['\\.local\\.spec\\.ts$'] : [],
  testTimeout: 120_000,
  maxWorkers: 1,
};
