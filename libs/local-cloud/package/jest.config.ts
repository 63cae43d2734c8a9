export default {
  displayName: 'local-cloud-package',
  preset: '../../../jest.preset.js',
  testPathIgnorePatterns: ['/example/'],
};
