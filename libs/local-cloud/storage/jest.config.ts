export default { displayName: 'local-cloud-storage', preset: '../../../jest.preset.js' };
