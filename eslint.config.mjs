import eslint from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';
import { depConstraints } from './libs/tooling/src/lint/boundaries.mjs';

/** Where the rules of the product hold: everything but specs, their support and configuration. */
const code = ['apps/*/src/**/*.{ts,tsx}', 'libs/**/src/**/*.{ts,mts}'];
const specs = [
  '**/*.spec.ts',
  '**/src/testing/**',
  'apps/e2e/**',
  'apps/local-cloud/src/conformance/**',
  'libs/testing/**',
  'libs/local-cloud/testing/**',
];
const pure = [
  'libs/orders/domain',
  'libs/outbox/rules',
  'libs/inbox/rules',
  'libs/outbox/envelope',
  'libs/orders/events',
].map((folder) => `${folder}/src/**/*.ts`);
const runsInFunctions = [
  ...pure,
  'libs/{orders,outbox,inbox}/{dynamodb,commands}/src/**/*.ts',
  'libs/function-kit/src/**/*.ts',
  'apps/!(console|e2e|local-cloud|orders-cli|outboxctl)/src/**/*.ts',
];

const noDeepImports = {
  group: ['@outbox/*/*'],
  message: "Import the project's alias: what its src/index.ts exports is what it offers.",
};
const noTestHelpers = {
  group: [
    '@outbox/testing',
    '@outbox/outbox-testing',
    '@outbox/inbox-testing',
    '@outbox/local-cloud-testing',
    'fast-check',
  ],
  message: 'Helpers of tests are for spec files only.',
};
const noNodeBuiltIns = {
  regex: '^node:',
  message: 'A domain does no I/O: take what you need as an argument.',
};
const classicZod = {
  name: 'zod',
  message: "Bundles of functions hold zod/mini: import * as z from 'zod/mini'.",
};
const injectedInstead = 'A domain takes clock, ids and randomness as arguments.';

export default tseslint.config(
  {
    ignores: ['dist/', 'tmp/', '.nx/', '.local/', 'coverage/', '**/*.generated.*', 'terraform/'],
  },
  {
    // A rule is changed here for everyone, with its reason, or obeyed.
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' },
  },
  eslint.configs.recommended,
  tseslint.configs.strict,
  tseslint.configs.stylistic,
  prettier,
  {
    files: ['**/*.{ts,tsx,mts,js,mjs,cjs}'],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': ['error', { allow: [], enforceBuildableLibDependency: false, depConstraints }],
      '@typescript-eslint/array-type': 'off',
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      // AWS names allowed characters by code point, control characters among them.
      'no-control-regex': 'off',
      'max-lines': ['error', { max: 350 }],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme'], location: 'anywhere' }],
    },
  },
  {
    // Node itself loads the scripts, and what Jest's global setup imports: it knows no alias.
    files: ['libs/tooling/src/scripts/**/*.ts', 'apps/e2e/src/support/local-cloud.ts'],
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          allow: ['../../../local-cloud/client/src/index.ts', '../../../../libs/local-cloud/client/src/index.ts'],
          enforceBuildableLibDependency: false,
          depConstraints,
        },
      ],
    },
  },
  {
    files: ['**/*.{ts,tsx,mts}'],
    rules: {
      '@typescript-eslint/ban-ts-comment': [
        'error',
        { 'ts-ignore': true, 'ts-expect-error': 'allow-with-description', 'ts-nocheck': true },
      ],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
    },
  },
  {
    files: code,
    ignores: specs,
    rules: {
      'no-restricted-imports': ['error', { patterns: [noDeepImports, noTestHelpers] }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } }],
    },
  },
  {
    files: runsInFunctions,
    ignores: specs,
    rules: {
      'no-restricted-imports': ['error', { paths: [classicZod], patterns: [noDeepImports, noTestHelpers] }],
    },
  },
  {
    files: pure,
    ignores: specs,
    rules: {
      'no-restricted-imports': [
        'error',
        { paths: [classicZod], patterns: [noDeepImports, noTestHelpers, noNodeBuiltIns] },
      ],
      'no-restricted-globals': [
        'error',
        ...['fetch', 'process', 'crypto', 'performance', 'setTimeout', 'setInterval'].map((name) => ({
          name,
          message: injectedInstead,
        })),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: injectedInstead },
        { object: 'Math', property: 'random', message: injectedInstead },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: injectedInstead },
        { selector: 'CallExpression[callee.name="Date"]', message: injectedInstead },
      ],
    },
  },
  {
    files: specs,
    rules: {
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-restricted-imports': ['error', { patterns: [noDeepImports] }],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'MemberExpression[object.name=/^(describe|it|test)$/][property.name=/^(only|skip|todo|failing)$/]',
          message: 'Every test runs, or is not there.',
        },
        {
          selector: 'CallExpression[callee.name=/^(fit|xit|xtest|fdescribe|xdescribe)$/]',
          message: 'Every test runs, or is not there.',
        },
      ],
    },
  },
  {
    // What a team's specs get.
    files: ['libs/outbox/package/src/testing.ts', 'libs/inbox/testing/src/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [noDeepImports] }] },
  },
  {
    // Nx asks executors and generators for a default export, Jest its global setups.
    files: [
      'libs/tooling/src/{package/executor,npm-package/executor,generators/*/generator}.ts',
      '**/global-{setup,teardown}.ts',
    ],
    rules: { 'no-restricted-exports': 'off' },
  },
  {
    files: ['**/*.cjs', 'jest.preset.js'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: { require: 'readonly', module: 'writable', exports: 'writable', __dirname: 'readonly' },
    },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly' } },
  },
);
