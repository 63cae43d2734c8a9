export default { displayName: 'local-cloud-testing', preset: '../../../jest.preset.js' };
