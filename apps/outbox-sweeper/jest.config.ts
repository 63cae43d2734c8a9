export default { displayName: 'outbox-sweeper', preset: '../../jest.preset.js' };
