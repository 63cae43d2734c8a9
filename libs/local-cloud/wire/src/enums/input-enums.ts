import type { NormalizedSchema } from '@smithy/core/schema';

/** Names of enums by structure and member: `CreateFunctionRequest: { Architectures: 'Architecture' }`. */
export type EnumMembers = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * The enums of a service's inputs. The SDK's schemas don't have them: which member has which enum is read off its type
 * declarations (once, into the table `enum-members.json`), the values are exports of its modules. The enum of a list is
 * that of its elements, the enum of a map that of its keys.
 */
export class InputEnums {
  /** Structures by name, and whether there is an enum anywhere in them; found when first asked for. */
  readonly #within = new Map<string, boolean>();

  /** `own`: enums, or members as `Structure.Member`, that the service checks itself. */
  constructor(
    private readonly members: EnumMembers,
    private readonly sdk: Readonly<Record<string, unknown>>,
    private readonly own: readonly string[] = [],
  ) {}

  /** The values that a structure's member may have; `undefined` for what is no enum. */
  of(struct: NormalizedSchema, member: string): readonly string[] | undefined {
    const name = this.members[struct.getName() ?? '']?.[member];
    if (name === undefined || this.own.includes(name) || this.own.includes(`${struct.getName()}.${member}`)) {
      return undefined;
    }
    const values: unknown = this.sdk[name];
    if (typeof values !== 'object' || values === null) throw new Error(`the SDK has no enum ${name}`);
    return Object.values(values) as readonly string[];
  }

  /** Whether there is an enum anywhere in a shape; values of a shape without one needn't be visited. */
  within(schema: NormalizedSchema): boolean {
    if (schema.isListSchema() || schema.isMapSchema()) return this.within(schema.getValueSchema());
    if (!schema.isStructSchema()) return false;
    const name = schema.getName(true) ?? '';
    const found = this.#within.get(name) ?? this.#find(schema, new Set());
    this.#within.set(name, found);
    return found;
  }

  /** Looks through a shape and what it holds; `seen` ends the search in shapes that hold themselves. */
  #find(schema: NormalizedSchema, seen: Set<string>): boolean {
    if (schema.isListSchema() || schema.isMapSchema()) return this.#find(schema.getValueSchema(), seen);
    const name = schema.getName(true) ?? '';
    if (!schema.isStructSchema() || seen.has(name)) return false;
    seen.add(name);
    for (const [member, shape] of schema.structIterator()) {
      if (this.of(schema, member) !== undefined || this.#find(shape, seen)) return true;
    }
    return false;
  }
}
