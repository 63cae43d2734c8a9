export default { displayName: 'outbox-store', preset: '../../../jest.preset.js' };
