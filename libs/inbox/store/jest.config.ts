export default { displayName: 'inbox-store', preset: '../../../jest.preset.js' };
