export default { displayName: 'local-cloud-data', preset: '../../../jest.preset.js' };
