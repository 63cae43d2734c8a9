export default { displayName: 'orders-cli', preset: '../../jest.preset.js' };
