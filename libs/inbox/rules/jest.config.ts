export default { displayName: 'inbox-rules', preset: '../../../jest.preset.js' };
