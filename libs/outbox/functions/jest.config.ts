export default { displayName: 'outbox-functions', preset: '../../../jest.preset.js' };
