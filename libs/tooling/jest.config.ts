export default { displayName: 'tooling', preset: '../../jest.preset.js' };
