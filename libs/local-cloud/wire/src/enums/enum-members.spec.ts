import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NormalizedSchema } from '@smithy/core/schema';
import type { ServiceName } from '@outbox/local-cloud-kernel';
import { SERVICE_MODELS } from '../catalogue';
import type { ServiceModel } from '../model';
import { declaredEnums } from '../testing/declared-enums';
import enumMembers from './enum-members.json';
import type { EnumMembers } from './input-enums';

/** Clients that aren't named as their service is here. */
const PACKAGES: Readonly<Partial<Record<ServiceName, string>>> = {
  dynamodbstreams: 'dynamodb-streams',
  events: 'eventbridge',
  logs: 'cloudwatch-logs',
  secretsmanager: 'secrets-manager',
};

describe('the table of enums', () => {
  it('holds what the SDK declares of every input (UPDATE_ENUMS=1 npx nx test local-cloud-wire)', () => {
    const declared = Object.fromEntries([...SERVICE_MODELS].map(([name, model]) => [name, enumsOfInputs(model)]));
    if (process.env['UPDATE_ENUMS'] === '1') {
      writeFileSync(join(__dirname, 'enum-members.json'), `${JSON.stringify(declared, null, 2)}\n`);
    } else expect(enumMembers).toEqual(declared);
  });
});

function enumsOfInputs(model: ServiceModel): EnumMembers {
  const packageName = `@aws-sdk/client-${PACKAGES[model.name] ?? model.name}`;
  const sdk = jest.requireActual<Readonly<Record<string, unknown>>>(packageName);
  const declared = declaredEnums(packageName, new Set(Object.keys(sdk).filter((name) => isEnum(sdk[name]))));
  const structs = new Set<string>();
  for (const { input } of model.operations.values()) collectStructs(input, structs);
  return Object.fromEntries([...structs].sort().flatMap((name) => (declared[name] ? [[name, declared[name]]] : [])));
}

/** The SDK writes an enum as an object of its values. */
function isEnum(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && hasTextsOnly(Object.values(value));
}

function hasTextsOnly(values: readonly unknown[]): boolean {
  return values.length > 0 && values.every((value) => typeof value === 'string');
}

/** Names of the structures that a shape is made of. */
function collectStructs(schema: NormalizedSchema, names: Set<string>): void {
  if (schema.isListSchema() || schema.isMapSchema()) return collectStructs(schema.getValueSchema(), names);
  const name = schema.getName() ?? '';
  if (!schema.isStructSchema() || names.has(name)) return;
  names.add(name);
  for (const [, member] of schema.structIterator()) collectStructs(member, names);
}
