export default { displayName: 'outbox-dynamodb', preset: '../../../jest.preset.js' };
