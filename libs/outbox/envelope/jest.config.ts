export default { displayName: 'orders-store', preset: '../../../jest.preset.js' };
