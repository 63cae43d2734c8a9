export default { displayName: 'local-cloud-compute', preset: '../../../jest.preset.js' };
