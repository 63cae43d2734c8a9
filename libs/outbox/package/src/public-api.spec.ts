import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';

const PROJECT = join(__dirname, '..');
const ROOT = join(PROJECT, '..', '..', '..');
const read = (path: string): string => readFileSync(join(PROJECT, path), 'utf8');

const manifest = JSON.parse(read('package.json')) as {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
};
const readme = read('README.md');

/** Subpath → its file in `src`. */
const entries = new Map(
  readdirSync(join(PROJECT, 'src'))
    .filter((file) => !file.endsWith('.spec.ts'))
    .map((file) => file.replace('.ts', ''))
    .map((name) => [name === 'index' ? '.' : `./${name}`, name]),
);

describe('the package', () => {
  it('exports every file of src, with its types', () => {
    const expected = Object.fromEntries(
      [...entries].map(([subpath, name]) => [
        subpath,
        { types: `./types/outbox/package/${name}.d.ts`, default: `./esm/${name}.js` },
      ]),
    );
    expect(manifest.exports).toEqual({ ...expected, './package.json': './package.json' });
  });

  it('names the types first: TypeScript takes the first condition that fits', () => {
    for (const target of Object.values(manifest.exports).filter((one) => typeof one === 'object')) {
      expect(Object.keys(target)).toEqual(['types', 'default']);
    }
  });

  it('has its version in the changelog', () => {
    expect(read('CHANGELOG.md')).toContain(`\n## ${manifest.version}\n`);
  });

  it('shows in its README what the example does', () => {
    expect(readme).toContain(`\`\`\`ts\n${read('example/parcels.ts')}\`\`\`\n`);
  });

  it('is shown in the README of the repository by parts of the example', () => {
    const shown = [...readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(/^```ts\n(.*?)^```$/gms)];
    const example = ['parcels', 'consumer'].map((file) => read(`example/${file}.ts`)).join('');
    expect(shown).toHaveLength(2);
    for (const [, code] of shown) expect(example).toContain(code);
  });

  it('shows in the guide all files of the service that adopts it, and they are short', () => {
    const guide = readFileSync(join(ROOT, 'docs/adopt.md'), 'utf8');
    const files = readdirSync(join(PROJECT, 'example/subscriptions'));
    expect(files.sort()).toEqual(['billing.ts', 'main.tf', 'subscriptions.ts', 'writer.ts']);
    for (const file of files) {
      const language = file.endsWith('.tf') ? 'hcl' : 'ts';
      expect(guide).toContain(`\`\`\`${language}\n${read(`example/subscriptions/${file}`)}\`\`\`\n`);
    }
    expect(linesOfCode(files.filter((file) => file.endsWith('.ts')))).toBeLessThan(120);
    expect(linesOfCode(['main.tf'])).toBeLessThan(40);
  });
});

describe('the public names', () => {
  const names = publicNames();

  it.each([...entries.keys()])('of %s are those that the README lists', (subpath) => {
    const heading = `### \`${join(manifest.name, subpath)}\`\n`;
    const section = readme.split(heading)[1]?.split('\n#')[0] ?? '';
    const listed = [...section.matchAll(/`(\w+)`/g)].map(([, name]) => name);
    expect(listed.sort()).toEqual([...(names.get(subpath)?.keys() ?? [])].sort());
  });

  it('have a docstring each', () => {
    const bare = [...names].flatMap(([subpath, docs]) =>
      [...docs].filter(([, doc]) => doc === '').map(([name]) => `${subpath}: ${name}`),
    );
    expect(bare).toEqual([]);
  });
});

/** Lines of the adopting service's files that are neither empty nor a comment. */
function linesOfCode(files: readonly string[]): number {
  const lines = files.flatMap((file) => read(`example/subscriptions/${file}`).split('\n'));
  return lines.filter((line) => !/^\s*($|#|\/\/|\/?\*)/.test(line)).length;
}

/** Subpath → name → docstring. Packages of npm stay unread: what is exported is written here. */
function publicNames(): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const { config } = ts.readConfigFile(join(PROJECT, 'tsconfig.json'), (file) => ts.sys.readFile(file)) as {
    config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, PROJECT);
  const own = { ...options, noLib: true, types: [] };
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost(own),
    resolveModuleNameLiterals: (literals, file) =>
      literals.map(({ text }) =>
        /^@outbox\/|^\./.test(text) ? ts.resolveModuleName(text, file, own, ts.sys) : { resolvedModule: undefined },
      ),
  };
  const files = [...entries].map(([subpath, name]) => [subpath, join(ROOT, 'libs/outbox/package/src', `${name}.ts`)]);
  const program = ts.createProgram(
    files.map(([, file = '']) => file),
    own,
    host,
  );
  const checker = program.getTypeChecker();
  return new Map(
    files.map(([subpath = '', file = '']) => {
      const source = program.getSourceFile(file);
      const module = source && checker.getSymbolAtLocation(source);
      const exported = module ? checker.getExportsOfModule(module) : [];
      return [subpath, new Map(exported.map((symbol) => [symbol.name, docOf(checker, symbol)]))];
    }),
  );
}

function docOf(checker: ts.TypeChecker, symbol: ts.Symbol): string {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  return ts.displayPartsToString(target.getDocumentationComment(checker));
}
