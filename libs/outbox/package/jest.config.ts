export default { displayName: 'outbox-package', preset: '../../../jest.preset.js' };
