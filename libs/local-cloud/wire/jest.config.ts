export default { displayName: 'local-cloud-wire', preset: '../../../jest.preset.js' };
