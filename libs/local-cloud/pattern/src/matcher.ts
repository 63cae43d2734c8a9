import { ipInRange, type IpRange } from './ip-range';
import type { IncomparableNumber } from './numbers';
import { wildcardMatches, type Wildcard } from './wildcard';

/** A leaf of an event. */
export type Scalar = string | number | boolean | null | IncomparableNumber;

/** One test on a leaf; `absent` is about the field itself and never matches a leaf. */
export type Matcher =
  | { readonly kind: 'equals'; readonly value: Scalar }
  | { readonly kind: 'equals-ignore-case'; readonly value: string }
  | { readonly kind: 'prefix' | 'suffix'; readonly value: string; readonly ignoreCase: boolean }
  | { readonly kind: 'wildcard'; readonly runs: Wildcard }
  | { readonly kind: 'numeric'; readonly low?: Bound; readonly high?: Bound }
  | { readonly kind: 'cidr'; readonly range: IpRange }
  | { readonly kind: 'anything-but'; readonly none: readonly Matcher[] }
  | { readonly kind: 'exists' }
  | { readonly kind: 'absent' };

export interface Bound {
  readonly value: number;
  readonly open: boolean;
}

/** Whether the leaf passes; text tests hold for strings only and number tests for JSON numbers only. */
export function matchesLeaf(matcher: Matcher, leaf: Scalar): boolean {
  switch (matcher.kind) {
    case 'equals':
      return equal(leaf, matcher.value);
    case 'exists':
      return true;
    case 'absent':
      return false;
    case 'anything-but':
      return !matcher.none.some((inner) => matchesLeaf(inner, leaf));
    case 'numeric':
      return typeof leaf === 'number' && aboveLow(leaf, matcher.low) && belowHigh(leaf, matcher.high);
    default:
      return typeof leaf === 'string' && matchesText(matcher, leaf);
  }
}

function equal(leaf: Scalar, value: Scalar): boolean {
  if (typeof leaf !== 'object' || typeof value !== 'object') return leaf === value;
  return leaf?.literal === value?.literal;
}

type TextMatcher = Extract<Matcher, { kind: 'equals-ignore-case' | 'prefix' | 'suffix' | 'wildcard' | 'cidr' }>;

function matchesText(matcher: TextMatcher, leaf: string): boolean {
  switch (matcher.kind) {
    case 'equals-ignore-case':
      return fold(leaf) === fold(matcher.value);
    case 'prefix':
      return matcher.ignoreCase ? fold(leaf).startsWith(fold(matcher.value)) : leaf.startsWith(matcher.value);
    case 'suffix':
      return matcher.ignoreCase ? fold(leaf).endsWith(fold(matcher.value)) : leaf.endsWith(matcher.value);
    case 'wildcard':
      return wildcardMatches(matcher.runs, leaf);
    case 'cidr':
      return ipInRange(leaf, matcher.range);
  }
}

function fold(text: string): string {
  return text.toLowerCase();
}

function aboveLow(value: number, low: Bound | undefined): boolean {
  return low === undefined || (low.open ? value > low.value : value >= low.value);
}

function belowHigh(value: number, high: Bound | undefined): boolean {
  return high === undefined || (high.open ? value < high.value : value <= high.value);
}
