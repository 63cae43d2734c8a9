export default { displayName: 'function-kit', preset: '../../jest.preset.js' };
