export default { displayName: 'local-cloud-messaging', preset: '../../../jest.preset.js' };
