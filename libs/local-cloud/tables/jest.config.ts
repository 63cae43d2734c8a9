export default { displayName: 'local-cloud-tables', preset: '../../../jest.preset.js' };
