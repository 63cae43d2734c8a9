export default { displayName: 'local-cloud-identity', preset: '../../../jest.preset.js' };
