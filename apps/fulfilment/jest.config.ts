export default { displayName: 'fulfilment', preset: '../../jest.preset.js' };
