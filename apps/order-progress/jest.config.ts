export default { displayName: 'order-progress', preset: '../../jest.preset.js' };
