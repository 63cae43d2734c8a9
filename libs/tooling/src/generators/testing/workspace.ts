import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { addProjectConfiguration, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { eventsProject } from '../contract';

/** This repository. */
export const root = join(__dirname, '..', '..', '..', '..', '..');

const read = (path: string): string => readFileSync(join(root, path), 'utf8');

export const variables = read('terraform/variables.tf');

/** A workspace in memory with what generators read and change of this one. */
export function exampleWorkspace(): Tree {
  const tree = createTreeWithEmptyWorkspace();
  const events = readdirSync(join(root, eventsProject), { recursive: true, withFileTypes: true });
  for (const file of events.filter((entry) => entry.isFile())) {
    const path = relative(root, join(file.parentPath, file.name));
    tree.write(path, read(path));
  }
  tree.write('terraform/variables.tf', variables);
  addProjectConfiguration(tree, 'e2e', { root: 'apps/e2e', implicitDependencies: ['fulfilment'] });
  addProjectConfiguration(tree, 'local-cloud', { root: 'apps/local-cloud' });
  return tree;
}

/** The files that a generator creates or changes in a workspace: path to text. */
export function written(tree: Tree, generate: (tree: Tree) => void): ReadonlyMap<string, string> {
  const contents = (): [string, string][] =>
    tree.listChanges().map(({ path, content }) => [path, content?.toString('utf8') ?? '']);
  const before = new Map(contents());
  generate(tree);
  return new Map(contents().filter(([path, text]) => before.get(path) !== text));
}
