export default { displayName: 'outbox-envelope', preset: '../../../jest.preset.js' };
