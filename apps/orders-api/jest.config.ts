export default { displayName: 'orders-api', preset: '../../jest.preset.js' };
