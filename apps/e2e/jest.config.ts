import { chromium } from './src/support/browsers.cjs';

const RUNBOOKS = '/src/runbooks/';

/**
 * SUITE=flow: what a stack does by itself; SUITE=operate: what people do to it, from an apply to a replay; neither: both, on
 * one stack. SUITE=runbooks: each alarm caused, and the page's commands followed; takes long, and is part of neither.
 */
const suites: Readonly<Record<string, { testMatch: string[]; testPathIgnorePatterns: string[] }>> = {
  flow: { testMatch: ['<rootDir>/src/**/*.spec.ts'], testPathIgnorePatterns: ['/src/operate/', RUNBOOKS] },
  operate: {
    testMatch: ['<rootDir>/src/operate/*.spec.ts', '<rootDir>/src/{terraform,operations.local}.spec.ts'],
    testPathIgnorePatterns: [],
  },
  runbooks: { testMatch: ['<rootDir>/src/runbooks/*.spec.ts'], testPathIgnorePatterns: [] },
};
const name = process.env['SUITE'] ?? '';
const suite = suites[name];
if (name !== '' && suite === undefined) throw new Error(`SUITE is flow, operate, runbooks or not set, not ${name}`);

// What only holds for the local cloud is called *.local.spec.ts.
const notHere = process.env['TARGET'] === 'aws' ? ['\\.local\\.spec\\.ts$'] : [];

const withoutBrowser = chromium() === undefined ? ['/console(-pictures)?\\.local\\.spec\\.ts$'] : [];

// Writes the pictures of the documentation.
const withoutPictures = process.env['UPDATE_DOCS'] === '1' ? [] : ['/console-pictures\\.local\\.spec\\.ts$'];

export default {
  displayName: 'e2e',
  preset: '../../jest.preset.js',
  globalSetup: './src/support/global-setup.ts',
  globalTeardown: './src/support/global-teardown.ts',
  testSequencer: './src/support/sequencer.cjs',
  ...suite,
  testPathIgnorePatterns: [
    ...(suite?.testPathIgnorePatterns ?? [RUNBOOKS]),
    ...notHere,
    ...withoutBrowser,
    ...withoutPictures,
  ],
  testTimeout: 120_000,
  maxWorkers: 1,
};
