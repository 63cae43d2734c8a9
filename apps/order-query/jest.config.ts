export default { displayName: 'order-query', preset: '../../jest.preset.js' };
