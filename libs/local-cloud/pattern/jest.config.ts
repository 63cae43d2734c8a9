export default { displayName: 'local-cloud-pattern', preset: '../../../jest.preset.js' };
