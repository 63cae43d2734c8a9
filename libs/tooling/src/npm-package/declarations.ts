import { dirname, join, relative, sep } from 'node:path';
import * as ts from 'typescript';

/** Declarations of a package. */
export interface Declarations {
  /** Path within the package's folder of types → text, those alone that an entry leads to. */
  readonly files: ReadonlyMap<string, string>;
  /** Specifiers that they import from outside. */
  readonly imported: readonly string[];
}

/** A declaration file before it is known whether it is needed. */
interface Emitted {
  readonly text: string;
  /** Paths of the files it imports. */
  readonly needs: readonly string[];
  readonly imported: readonly string[];
}

/**
 * The declarations of entries and of all they lead to within the workspace. Their imports of each other are relative and
 * have an extension, as Node's resolution wants it.
 * @throws Error with the compiler's words
 */
export function declarations(root: string, tsconfig: string, entries: readonly string[]): Declarations {
  const options = compilerOptions(root, tsconfig);
  const program = ts.createProgram(
    entries.map((entry) => join(root, entry)),
    options,
  );
  const emitted = new Map<string, Emitted>();
  const { diagnostics } = program.emit(undefined, (_path, text, _bom, _onError, sources) => {
    const source = sources?.[0]?.fileName;
    if (source !== undefined) emitted.set(declarationPath(root, source), rewrite(root, source, text, options));
  });
  const problems = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
  if (problems.length > 0) throw new Error(describe(root, problems));
  const files = new Map<string, string>();
  const imported = new Set<string>();
  const take = (path: string): void => {
    const file = emitted.get(path);
    if (file === undefined || files.has(path)) return;
    files.set(path, file.text);
    for (const specifier of file.imported) imported.add(specifier);
    for (const need of file.needs) take(need);
  };
  for (const entry of entries) take(declarationPath(root, join(root, entry)));
  return { files, imported: [...imported] };
}

function compilerOptions(root: string, tsconfig: string): ts.CompilerOptions {
  const path = join(root, tsconfig);
  const config: unknown = ts.readConfigFile(path, (file) => ts.sys.readFile(file)).config;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, dirname(path), undefined, path);
  return { ...options, noEmit: false, declaration: true, emitDeclarationOnly: true, types: ['node'] };
}

/** `libs/outbox/rules/src/change.ts` → `outbox/rules/change.d.ts`. */
function declarationPath(root: string, source: string): string {
  const path = relative(root, source).split(sep).join('/');
  return path
    .replace(/^libs\//, '')
    .replace('/src/', '/')
    .replace(/\.ts$/, '.d.ts');
}

function rewrite(root: string, source: string, text: string, options: ts.CompilerOptions): Emitted {
  const own = declarationPath(root, source);
  const needs: string[] = [];
  const imported: string[] = [];
  let rewritten = text;
  // From the end, so that the positions before stay true.
  for (const { fileName: specifier, pos } of ts.preProcessFile(text).importedFiles.reverse()) {
    const { resolvedModule: found } = ts.resolveModuleName(specifier, source, options, ts.sys);
    if (found === undefined || found.isExternalLibraryImport === true) {
      imported.push(specifier);
      continue;
    }
    const need = declarationPath(root, found.resolvedFileName);
    needs.push(need);
    // `pos` is that of the opening quote.
    const end = pos + specifier.length + 2;
    rewritten = `${rewritten.slice(0, pos)}'${relativeModule(own, need)}'${rewritten.slice(end)}`;
  }
  return { text: rewritten, needs, imported };
}

/** How the declaration at one path imports that at another: by the JavaScript it would stand beside. */
function relativeModule(from: string, to: string): string {
  const path = relative(dirname(from), to)
    .split(sep)
    .join('/')
    .replace(/\.d\.ts$/, '.js');
  return path.startsWith('.') ? path : `./${path}`;
}

function describe(root: string, problems: readonly ts.Diagnostic[]): string {
  return ts.formatDiagnostics(problems, {
    getCurrentDirectory: () => root,
    getCanonicalFileName: (name) => name,
    getNewLine: () => '\n',
  });
}
