export default { displayName: 'outbox-rules', preset: '../../../jest.preset.js' };
