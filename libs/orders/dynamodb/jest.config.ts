export default { displayName: 'orders-dynamodb', preset: '../../../jest.preset.js' };
