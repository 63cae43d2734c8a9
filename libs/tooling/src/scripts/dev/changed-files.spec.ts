import { isSource } from './changed-files.ts';

describe('isSource', () => {
  it.each(['handler.ts', 'src/contract.json', 'main.tf', 'local.tfvars'])('is %s', (name) => {
    expect(isSource(name)).toBe(true);
  });

  it.each(['handler.spec.ts', 'handler.ts~', '.handler.ts.swp', 'README.md', 'node_modules/x/index.js'])(
    'is not %s',
    (name) => {
      expect(isSource(name)).toBe(false);
    },
  );
});
