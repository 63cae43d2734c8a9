import { missingClients } from './src/conformance/real-clients.cjs';

export default {
  displayName: 'local-cloud',
  preset: '../../jest.preset.js',
  globalSetup: './src/conformance/global-setup.ts',
  globalTeardown: './src/conformance/global-teardown.ts',
  testPathIgnorePatterns: missingClients().map(({ spec }) => spec),
};
