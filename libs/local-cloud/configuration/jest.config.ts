export default { displayName: 'local-cloud-configuration', preset: '../../../jest.preset.js' };
