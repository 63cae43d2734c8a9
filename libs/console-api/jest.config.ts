export default { displayName: 'console-api', preset: '../../jest.preset.js' };
