export default { displayName: 'outboxctl', preset: '../../jest.preset.js' };
