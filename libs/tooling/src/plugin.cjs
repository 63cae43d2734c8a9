const { existsSync, readFileSync } = require('node:fs');
const { basename, dirname, join } = require('node:path');
const { createNodesFromFiles } = require('@nx/devkit');
const { functionEntry, mainFields } = require('./bundle-options.cjs');

/**
 * Infers targets from what a project folder holds, so that `project.json` carries only name and tags:
 * `typecheck` for every project; `build` and `package` for every function (tagged `type:function`; its entry is
 * `src/main.ts`, or `src/handler.ts` where there is none); `build` for the other apps, which run on the exact Node of the
 * toolchain, or in a browser (`src/main.tsx`); `pack` for every npm package (tagged `type:package`); `e2e` for the black-box suite, whose `build` is the
 * chaos harness and the probes.
 */
exports.createNodesV2 = [
  '{apps,libs}/**/project.json',
  (files, options, context) =>
    createNodesFromFiles((file) => inferTargets(file, context.workspaceRoot), files, options, context),
];

function inferTargets(file, workspaceRoot) {
  const root = dirname(file);
  const has = (path) => existsSync(join(workspaceRoot, root, path));
  const targets = {
    typecheck: { command: 'tsc --noEmit -p tsconfig.json', options: { cwd: root }, cache: true },
  };
  if (root === 'apps/e2e') {
    // Its result depends on a running stack, so it is neither part of `test` nor cached.
    targets.e2e = { command: 'make e2e', cache: false };
    targets.build = bundle(root, 'src/main.ts', false, ['esbuild']);
  } else if (tagsOf(join(workspaceRoot, file)).includes('type:package')) {
    targets.pack = npmPackage(root, JSON.parse(readFileSync(join(workspaceRoot, root, 'package.json'), 'utf8')));
  } else if (tagsOf(join(workspaceRoot, file)).includes('type:function')) {
    targets.build = bundle(root, functionEntry(workspaceRoot, basename(root)), true);
    targets.package = {
      executor: './libs/tooling:package',
      cache: true,
      dependsOn: ['build'],
      inputs: [{ dependentTasksOutputFiles: '**/*.{js,map}' }, '{workspaceRoot}/libs/tooling/src/package/**/*'],
      outputs: [`{workspaceRoot}/dist/${root}/*.zip`, `{workspaceRoot}/dist/${root}/maps`],
      options: {},
    };
  } else if (root.startsWith('apps/') && has('src/main.tsx')) {
    targets.build = page(root, 'src/main.tsx');
  } else if (root.startsWith('apps/') && has('src/main.ts')) {
    targets.build = bundle(root, 'src/main.ts', false);
  }
  return { projects: { [root]: { root, targets } } };
}

/** What else it depends on, and what goes into it beside its code, its project.json says. */
function npmPackage(root, { name, version }) {
  return {
    executor: './libs/tooling:npm-package',
    cache: true,
    inputs: [
      'production',
      '^production',
      { dependentTasksOutputFiles: '**/*.{zip,js}' },
      '{workspaceRoot}/{package.json,LICENSE}',
      '{workspaceRoot}/docs/reference/{local-cloud.md,refusals.md}',
      '{workspaceRoot}/terraform/modules/**/*',
      '{workspaceRoot}/libs/tooling/src/npm-package/**/*',
    ],
    outputs: [`{workspaceRoot}/dist/${root}`, `{workspaceRoot}/dist/${name}-${version}.tgz`],
  };
}

function tagsOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).tags ?? [];
}

/** A page: its script, its style beside it, and the HTML that loads both. */
function page(root, main) {
  return {
    executor: '@nx/esbuild:esbuild',
    cache: true,
    outputs: ['{options.outputPath}'],
    options: {
      main: `${root}/${main}`,
      outputPath: `dist/${root}`,
      outputFileName: 'main.js',
      tsConfig: `${root}/tsconfig.json`,
      platform: 'browser',
      target: 'es2022',
      format: ['esm'],
      bundle: true,
      thirdParty: true,
      minify: true,
      generatePackageJson: false,
      skipTypeCheck: true,
      deleteOutputPath: true,
      assets: [{ input: `${root}/src`, glob: '*.{html,svg}', output: '.' }],
      esbuildOptions: { legalComments: 'none', jsx: 'automatic', jsxImportSource: 'preact' },
    },
  };
}

/** A bundle for Node; that of a function is minified, its options are those of `functionBundle`. */
function bundle(root, main, isFunction, external = []) {
  return {
    executor: '@nx/esbuild:esbuild',
    cache: true,
    ...(isFunction ? { inputs: ['production', '^production', ...FUNCTION_CONFIG.inputs] } : {}),
    outputs: ['{options.outputPath}'],
    options: {
      main: `${root}/${main}`,
      outputPath: isFunction ? `dist/${root}/bundle` : `dist/${root}`,
      outputFileName: isFunction ? 'index.js' : 'main.js',
      tsConfig: `${root}/tsconfig.json`,
      platform: 'node',
      target: 'node22',
      format: ['cjs'],
      bundle: true,
      thirdParty: true,
      external,
      minify: isFunction,
      generatePackageJson: false,
      skipTypeCheck: true,
      deleteOutputPath: true,
      ...(isFunction
        ? { esbuildConfig: FUNCTION_CONFIG.file }
        : { esbuildOptions: { mainFields, legalComments: 'none', outExtension: { '.js': '.js' } } }),
    },
  };
}

/** A file of its own: a plugin of esbuild's is code, which Nx doesn't take as an option. */
const FUNCTION_CONFIG = {
  file: 'libs/tooling/src/function-esbuild.cjs',
  inputs: ['{workspaceRoot}/libs/tooling/src/{function-esbuild,bundle-options}.cjs'],
};
