import { bundleParts, ownerOf } from './bundle-parts.ts';

describe('what a bundle is made of', () => {
  it.each([
    ['node_modules/zod/v4/core/util.js', 'zod'],
    ['node_modules/@smithy/core/dist-es/index.js', '@smithy/core'],
    ['node_modules/@aws-sdk/core/node_modules/tslib/tslib.js', 'tslib'],
    ['libs/inbox/dynamodb/src/run.ts', 'libs/inbox/dynamodb'],
    ['libs/function-kit/src/logger.ts', 'libs/function-kit'],
    ['apps/orders-api/src/main.ts', 'apps/orders-api'],
  ])('%s belongs to %s', (path, owner) => {
    expect(ownerOf(path)).toBe(owner);
  });

  it('is every byte of it', () => {
    const inputs = Object.fromEntries(
      [
        ['libs/a/src/x.ts', 30],
        ['libs/a/src/y.ts', 20],
        ['node_modules/zod/a.js', 40],
        ['node_modules/unused/a.js', 0],
      ].map(([path, bytesInOutput]) => [path, { bytesInOutput: Number(bytesInOutput) }]),
    );
    const outputs = { 'index.js': { bytes: 100, inputs, imports: [], exports: [] } };
    expect(bundleParts({ inputs: {}, outputs })).toEqual([
      { name: 'libs/a', bytes: 50 },
      { name: 'zod', bytes: 40 },
      { name: '(esbuild)', bytes: 10 },
    ]);
  });
});
