export default { displayName: 'orders-events', preset: '../../../jest.preset.js' };
