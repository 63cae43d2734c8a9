export default { displayName: 'local-cloud-observability', preset: '../../../jest.preset.js' };
