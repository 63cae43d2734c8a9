export default { displayName: 'outbox-testing', preset: '../../../jest.preset.js' };
