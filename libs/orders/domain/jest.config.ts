export default { displayName: 'orders-domain', preset: '../../../jest.preset.js' };
