/** What an expression says, before its placeholders are looked up. */

/** A step of a document path: an attribute's name as written (maybe a placeholder), or an index of a list (as written). */
export type RawStep = { readonly name: string } | { readonly index: string };

export type RawOperand =
  | { readonly kind: 'path'; readonly steps: readonly RawStep[]; readonly parenthesised?: boolean }
  | { readonly kind: 'value'; readonly name: string; readonly parenthesised?: boolean }
  | RawCall
  | RawSum;

/** A function with its operands: in a condition one by itself, else an operand. */
export interface RawCall {
  readonly kind: 'call';
  readonly name: string;
  readonly operands: readonly RawOperand[];
  readonly parenthesised?: boolean;
}

/** A sum or a difference, in the value of a `SET`. */
export interface RawSum {
  readonly kind: 'sum';
  readonly operator: '+' | '-';
  readonly left: RawOperand;
  readonly right: RawOperand;
  readonly parenthesised?: boolean;
}

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export type RawCondition =
  | {
      readonly kind: 'and' | 'or';
      readonly left: RawCondition;
      readonly right: RawCondition;
      readonly parenthesised?: boolean;
    }
  | { readonly kind: 'not'; readonly of: RawCondition; readonly parenthesised?: boolean }
  | {
      readonly kind: 'compare';
      readonly operator: Comparator;
      readonly left: RawOperand;
      readonly right: RawOperand;
      readonly parenthesised?: boolean;
    }
  | {
      readonly kind: 'between';
      readonly operand: RawOperand;
      readonly lower: RawOperand;
      readonly upper: RawOperand;
      readonly parenthesised?: boolean;
    }
  | {
      readonly kind: 'in';
      readonly operand: RawOperand;
      readonly list: readonly RawOperand[];
      readonly parenthesised?: boolean;
    }
  | RawCall;

export interface RawAssignment {
  readonly path: readonly RawStep[];
  readonly value: RawOperand;
}

/** The sections of an update expression, each at most once, in the order they were written. */
export type RawUpdateSection =
  | { readonly action: 'SET'; readonly assignments: readonly RawAssignment[] }
  | { readonly action: 'REMOVE'; readonly paths: readonly (readonly RawStep[])[] }
  | { readonly action: 'ADD' | 'DELETE'; readonly assignments: readonly RawAssignment[] };
