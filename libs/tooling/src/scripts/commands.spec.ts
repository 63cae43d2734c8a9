import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..', '..', '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** `help: ## …` and `init plan apply destroy: ## …` of the Makefile. */
function commandsOfMakefile(): string[] {
  return [...read('Makefile').matchAll(/^([a-z0-9 -]+):.*?##/gm)].flatMap(([, names = '']) => names.trim().split(/ +/));
}

describe('docs/reference/commands.md', () => {
  it('lists the commands of the Makefile, each one and no other', () => {
    const listed = [...read('docs/reference/commands.md').matchAll(/`make ([a-z0-9-]+)`/g)].map(
      ([, name = '']) => name,
    );
    expect([...new Set(listed)].sort()).toEqual(commandsOfMakefile().sort());
  });
});
