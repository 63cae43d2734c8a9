export default { displayName: 'local-cloud-streams', preset: '../../../jest.preset.js' };
