import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as ts from 'typescript';
import type { EnumMembers } from '../enums/input-enums';

/**
 * Which members of which structures have an enum, read off the type declarations of an SDK package: the one place where
 * the SDK says so. `enums` are the names of the package's enums.
 */
export function declaredEnums(packageName: string, enums: ReadonlySet<string>): EnumMembers {
  const folder = join(dirname(require.resolve(`${packageName}/package.json`)), 'dist-types/models');
  const found: Record<string, Record<string, string>> = {};
  for (const file of readdirSync(folder).filter((name) => name.startsWith('models_'))) {
    const source = ts.createSourceFile(file, readFileSync(join(folder, file), 'utf8'), ts.ScriptTarget.Latest);
    for (const statement of source.statements) readInterfaces(statement, undefined, source, enums, found);
  }
  return found;
}

/** A union is a namespace of one interface per member, named after the union. */
function readInterfaces(
  node: ts.Node,
  union: string | undefined,
  source: ts.SourceFile,
  enums: ReadonlySet<string>,
  found: Record<string, Record<string, string>>,
): void {
  if (ts.isModuleDeclaration(node) && node.body && ts.isModuleBlock(node.body)) {
    for (const statement of node.body.statements) readInterfaces(statement, node.name.text, source, enums, found);
  }
  if (!ts.isInterfaceDeclaration(node)) return;
  const struct = union ?? node.name.text;
  for (const member of node.members) {
    if (!ts.isPropertySignature(member) || !member.type) continue;
    const name = enumOf(member.type, source, enums);
    if (name !== undefined) (found[struct] ??= {})[member.name.getText(source)] = name;
  }
}

/** `Enum | undefined`, `Enum[] | undefined`, `Partial<Record<Enum, …>> | undefined`. */
function enumOf(type: ts.TypeNode, source: ts.SourceFile, enums: ReadonlySet<string>): string | undefined {
  if (ts.isUnionTypeNode(type)) return type.types.map((one) => enumOf(one, source, enums)).find((name) => name);
  if (ts.isArrayTypeNode(type)) return enumOf(type.elementType, source, enums);
  if (!ts.isTypeReferenceNode(type)) return undefined;
  const name = type.typeName.getText(source);
  const [argument] = type.typeArguments ?? [];
  return argument && ['Partial', 'Record'].includes(name)
    ? enumOf(argument, source, enums)
    : enums.has(name)
      ? name
      : undefined;
}
