import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';

/** A name of an item's format, and where it is spelled. */
export interface Spelling {
  readonly name: string;
  /** Path of the file, then the line. */
  readonly place: string;
}

/** How `itemReader` of libs/function-kit is asked for attributes. */
const READERS = ['text', 'number', 'optionalTexts', 'optionalNumber', 'flag', 'map', 'maps'];

/** DynamoDB's types of a value. */
const VALUE_TYPES = ['S', 'N', 'BOOL', 'L', 'M'];

/** A key's beginning, as in `EVENT#0000000001`, or all of a key, as in `INBOX`; a method of HTTP is none. */
const KEY = /^(?!PATCH$|DELETE$)[A-Z]{5,}$|^[A-Z]+#$/;

/** What an owner calls a word that tells its items, or the index of them, from others. */
const CONSTANT = /_(ENTITY|INDEX)$/;

/** Of attributes only those are told from other words that are made of several: `lastVersion`, not `type`. */
const DISTINCT_ATTRIBUTE = /^[a-z]+[A-Z][A-Za-z]+$/;

/** What the sources of a format's owner read and write, as far as it can be told from other words. */
export interface Names {
  readonly keys: ReadonlySet<string>;
  readonly attributes: ReadonlySet<string>;
}

/** The names in a source of an owner. */
export function namesIn(source: string): Names {
  const keys = new Set<string>();
  const attributes = new Set<string>();
  walk(source, (node) => {
    const text = literalText(node);
    if (text !== undefined && (KEY.test(text) || isConstant(node.parent))) keys.add(text);
    for (const name of attributesAt(node)) if (DISTINCT_ATTRIBUTE.test(name)) attributes.add(name);
  });
  return { keys, attributes };
}

/** Where a source spells one of `names`: a key in a string, an attribute in an expression or as part of an item. */
export function spellingsIn(path: string, source: string, { keys, attributes }: Names): Spelling[] {
  if (![...keys, ...attributes].some((name) => source.includes(name))) return [];
  const found: Spelling[] = [];
  walk(source, (node, line) => {
    const text = literalText(node) ?? '';
    const words = (text.match(/\w+/g) ?? []).filter((word) => attributes.has(word));
    const spelled = new Set([
      ...[...keys].filter((key) => (key.endsWith('#') ? text.includes(key) : text === key)),
      ...words,
      ...attributesAt(node).filter((name) => attributes.has(name)),
    ]);
    for (const name of spelled) found.push({ name, place: `${path}:${line}` });
  });
  return found;
}

/** Every source under a folder of the repository that isn't a spec or its support, by path. */
export function sourcesUnder(root: string, folder: string): [path: string, source: string][] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => /\/src\/.*\.ts$/.test(path) && !/\.spec\.ts$|\/testing\/|\/fixtures\//.test(path))
    .map((path) => [path, readFileSync(join(root, path), 'utf8')]);
}

function walk(source: string, visit: (node: ts.Node, line: number) => void): void {
  const file = ts.createSourceFile('x.ts', source, ts.ScriptTarget.Latest, true);
  const step = (node: ts.Node): void => {
    // Types and names of modules are no data.
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    visit(node, file.getLineAndCharacterOfPosition(node.getStart()).line + 1);
    ts.forEachChild(node, step);
  };
  step(file);
}

function literalText(node: ts.Node): string | undefined {
  const isText = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
  return isText ? node.text : undefined;
}

function isConstant(node: ts.Node): boolean {
  return ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && CONSTANT.test(node.name.text);
}

/** `read.text('dueAt')`, `{ dueAt: { S: … } }`, `item.dueAt?.S`; `item['dueAt']` is a string besides. */
function attributesAt(node: ts.Node): string[] {
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    if (!READERS.includes(node.expression.name.text)) return [];
    return node.arguments.flatMap((argument) => (ts.isStringLiteralLike(argument) ? [argument.text] : []));
  }
  if (ts.isPropertyAssignment(node) && ts.isObjectLiteralExpression(node.initializer)) {
    const [value, ...others] = node.initializer.properties;
    const isValue = others.length === 0 && value?.name !== undefined && VALUE_TYPES.includes(value.name.getText());
    return isValue ? [node.name.getText()] : [];
  }
  if (ts.isPropertyAccessExpression(node) && VALUE_TYPES.includes(node.name.text)) {
    const { expression } = node;
    if (ts.isIdentifier(expression)) return [expression.text];
    return ts.isPropertyAccessExpression(expression) ? [expression.name.text] : [];
  }
  return [];
}
