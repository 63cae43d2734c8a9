export default { displayName: 'local-cloud-kernel', preset: '../../../jest.preset.js' };
