export default { displayName: 'inbox-dynamodb', preset: '../../../jest.preset.js' };
