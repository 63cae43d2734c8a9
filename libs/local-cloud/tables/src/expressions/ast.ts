import type { AttributeValue } from '../values/attribute-value';
import type { Comparator } from './syntax';

/** What an expression means: names and values in their places, checked. */

/** Where in an item something is: an attribute's name, then names in maps and indexes in lists. */
export type Path = readonly [string, ...(string | number)[]];

export type Operand =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly value: AttributeValue }
  | { readonly kind: 'size'; readonly of: Operand };

export type ConditionFunction =
  'attribute_exists' | 'attribute_not_exists' | 'attribute_type' | 'begins_with' | 'contains';

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'compare'; readonly operator: Comparator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'between'; readonly operand: Operand; readonly lower: Operand; readonly upper: Operand }
  | { readonly kind: 'in'; readonly operand: Operand; readonly list: readonly Operand[] }
  | { readonly kind: 'function'; readonly name: ConditionFunction; readonly operands: readonly Operand[] };

/** The value of a `SET`. */
export type SetValue =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly value: AttributeValue }
  | { readonly kind: 'if_not_exists'; readonly path: Path; readonly otherwise: SetValue }
  | { readonly kind: 'list_append'; readonly left: SetValue; readonly right: SetValue }
  | { readonly kind: 'sum'; readonly operator: '+' | '-'; readonly left: SetValue; readonly right: SetValue };

export type UpdateAction =
  | { readonly action: 'SET'; readonly path: Path; readonly value: SetValue }
  | { readonly action: 'REMOVE'; readonly path: Path }
  | { readonly action: 'ADD' | 'DELETE'; readonly path: Path; readonly value: AttributeValue };

/** A path as DynamoDB's errors show it: `[a, [0], b]`. */
export function describePath(path: readonly (string | number)[]): string {
  return `[${path.map((step) => (typeof step === 'number' ? `[${step}]` : step)).join(', ')}]`;
}
