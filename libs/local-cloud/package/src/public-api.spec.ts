import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as client from './client';

const PROJECT = join(__dirname, '..');
const ROOT = join(PROJECT, '..', '..', '..');
const read = (path: string): string => readFileSync(join(PROJECT, path), 'utf8');

const manifest = JSON.parse(read('package.json')) as {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
};
const workspace = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as typeof manifest;
const readme = read('README.md');

describe('the package of the local cloud', () => {
  it('has its version in the changelog', () => {
    expect(read('CHANGELOG.md')).toContain(`\n## ${manifest.version}\n`);
  });

  it('depends on what the workspace tests', () => {
    for (const [name, version] of Object.entries(manifest.dependencies)) {
      expect([name, workspace.dependencies[name]]).toEqual([name, version]);
    }
  });

  it('shows its example in the README', () => {
    expect(readme).toContain(`\`\`\`js\n${read('example/first-queue.test.js')}\`\`\`\n`);
  });

  it('lists in the README what it exports, and every method of the client', () => {
    const listed = new Set([...readme.matchAll(/`(\w+)`/g)].map(([, name]) => name));
    const source = read('src/client.ts');
    const exported = [...source.matchAll(/^ {2}(?:type )?(\w+),$/gm)].map(([, name]) => name);
    const methods = Object.getOwnPropertyNames(client.LocalCloud.prototype).filter((name) => name !== 'constructor');
    expect([...exported, ...methods].filter((name) => !listed.has(name))).toEqual([]);
    expect(exported).toEqual(expect.arrayContaining(Object.keys(client)));
  });

  it('says how many operations it runs, as the reference does', () => {
    const reference = readFileSync(join(ROOT, 'docs/reference/local-cloud.md'), 'utf8');
    const rows = [...reference.matchAll(/\| (\d+) of (\d+) +\|$/gm)];
    const sum = (column: number): number => rows.reduce((total, row) => total + Number(row[column]), 0);
    expect(readme).toContain(`${sum(1)} of the ${sum(2)} operations of ${rows.length} services`);
  });
});
