import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { addProjectConfiguration, readJson } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { withConsumer, type ConsumerPolicy } from './consumers-map';
import consumerGenerator, { type ConsumerOptions } from './generator';

const root = join(__dirname, '..', '..', '..', '..');
const variables = readFileSync(join(root, 'terraform', 'variables.tf'), 'utf8');
const policies: readonly ConsumerPolicy[] = ['once', 'in-order', 'latest'];

function workspace() {
  const tree = createTreeWithEmptyWorkspace();
  tree.write('terraform/variables.tf', variables);
  addProjectConfiguration(tree, 'e2e', { root: 'apps/e2e', implicitDependencies: ['fulfilment'] });
  addProjectConfiguration(tree, 'local-cloud', { root: 'apps/local-cloud' });
  return tree;
}

/** What a generator that was asked for this changed: path to text. */
function generated(options: ConsumerOptions): ReadonlyMap<string, string> {
  const tree = workspace();
  const before = new Set(tree.listChanges().map(({ path }) => path));
  consumerGenerator(tree, options);
  const changed = tree.listChanges().filter(({ path }) => !before.has(path) || path === 'terraform/variables.tf');
  return new Map(changed.map(({ path, content }) => [path, content?.toString('utf8') ?? '']));
}

describe('the generator of consumers', () => {
  it.each(policies)('writes an app with the files of the others, for %s', (policy) => {
    const files = generated({ name: 'audit-log', policy });

    expect([...files.keys()].sort()).toEqual([
      ...['jest.config.ts', 'project.json'].map((file) => `apps/audit-log/${file}`),
      ...['handler.spec', 'handler'].map((file) => `apps/audit-log/src/${file}.ts`),
      'apps/audit-log/tsconfig.json',
      'terraform/tests/fixtures/audit-log/audit-log.zip',
      'terraform/variables.tf',
    ]);
  });

  it('formats them as the repository does', () => {
    const folder = mkdtempSync(join(tmpdir(), 'consumers-'));
    try {
      for (const policy of policies) {
        for (const [path, text] of generated({ name: 'audit-log', policy })) {
          mkdirSync(join(folder, policy, dirname(path)), { recursive: true });
          if (/\.(ts|json)$/.test(path)) writeFileSync(join(folder, policy, path), text);
        }
      }
      const prettier = join(root, 'node_modules', '.bin', 'prettier');
      expect(() => execFileSync(prettier, ['--config', join(root, '.prettierrc'), '--check', folder])).not.toThrow();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('puts entries into the map as terraform fmt would', () => {
    const folder = mkdtempSync(join(tmpdir(), 'consumers-'));
    try {
      const text = withConsumer(withConsumer(variables, 'a-much-longer-name', 'once'), 'b2', 'in-order');
      writeFileSync(join(folder, 'variables.tf'), text);

      execFileSync('terraform', ['fmt', '-check', '-diff', folder]);
      expect(text).toContain('    a-much-longer-name = { policy = "once", on = { order = ["OrderCreated"] } }\n');
      expect(text.replace(/^ {4}(a-much-longer-name|b2) +=.*\n/gm, '').replaceAll(/ +=/g, ' =')).toBe(
        variables.replaceAll(/ +=/g, ' ='),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('has the end-to-end suite depend on the app', () => {
    const tree = workspace();
    consumerGenerator(tree, { name: 'audit', policy: 'latest' });

    expect(readJson(tree, 'apps/e2e/project.json').implicitDependencies).toEqual(['fulfilment', 'audit']);
  });

  it.each([
    ['Audit', 'is no name for a consumer'],
    ['a', 'is no name for a consumer'],
    ['audit-', 'is no name for a consumer'],
    ['audit--log', 'is no name for a consumer'],
    ['2audit', 'is no name for a consumer'],
    ['../audit', 'is no name for a consumer'],
    ['audit-dlq', 'ends with -dlq'],
    ['a-name-of-twenty-five-char', "a consumer's name has at most 24"],
    ['orders', 'is taken by the stack itself'],
    ['outbox-audit', 'is taken by the stack itself'],
    ['local-cloud', 'the workspace has a project of that name'],
    ['fulfilment', 'terraform/variables.tf has a consumer fulfilment already'],
  ])('refuses the name %s', (name, reason) => {
    expect(() => generated({ name, policy: 'once' })).toThrow(reason);
  });

  it('refuses a map that it does not know', () => {
    expect(() => withConsumer('variable "consumers" {}\n', 'audit', 'once')).toThrow(
      'no variable "consumers" whose default',
    );
  });
});
