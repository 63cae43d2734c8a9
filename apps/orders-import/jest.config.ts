export default { displayName: 'orders-import', preset: '../../jest.preset.js' };
