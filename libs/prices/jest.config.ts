export default { displayName: 'prices', preset: '../../jest.preset.js' };
