export default { displayName: 'outbox-acknowledger', preset: '../../jest.preset.js' };
