export default { displayName: 'partners', preset: '../../jest.preset.js' };
