export default { displayName: 'local-cloud-keys', preset: '../../../jest.preset.js' };
