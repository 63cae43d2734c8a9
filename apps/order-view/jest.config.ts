export default { displayName: 'order-view', preset: '../../jest.preset.js' };
