export default { displayName: 'outbox-commands', preset: '../../../jest.preset.js' };
