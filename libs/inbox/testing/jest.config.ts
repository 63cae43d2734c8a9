export default { displayName: 'inbox-testing', preset: '../../../jest.preset.js' };
