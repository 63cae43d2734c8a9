export default { displayName: 'local-cloud-client', preset: '../../../jest.preset.js' };
