export default { displayName: 'outbox-relay', preset: '../../jest.preset.js' };
