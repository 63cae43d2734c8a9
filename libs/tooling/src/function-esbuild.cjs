const { functionEsbuildOptions } = require('./bundle-options.cjs');

/** What Nx bundles a function with beside the options of its target. */
module.exports = {
  ...functionEsbuildOptions,
  outExtension: { '.js': '.js' },
  // Stack traces are led back to the sources outside of the function: in its zip a map would be larger than the code.
  sourcemap: 'external',
  sourcesContent: false,
};
