/**
 * What must not happen:
 * - `lost`: what a client was told is done isn't there, or a consumer never did its part
 * - `duplicated`: an order, a change or an effect too many, also outside
 * - `reordered`: an in-order consumer applied a version before an earlier one
 * - `stuck`: still under way, or set aside, when all is quiet
 * - `wrong-answer`: the API broke its word to a client (another answer to the same request, two winners of one race)
 */
export const FINDING_KINDS = ['lost', 'duplicated', 'reordered', 'stuck', 'wrong-answer'] as const;

export type FindingKind = (typeof FINDING_KINDS)[number];

export interface Finding {
  readonly kind: FindingKind;
  /** Whose it is: an order's id, or a queue. */
  readonly subject: string;
  readonly detail: string;
}

export function countByKind(findings: readonly Finding[]): Readonly<Record<FindingKind, number>> {
  const count = (kind: FindingKind): number => findings.filter((finding) => finding.kind === kind).length;
  return {
    lost: count('lost'),
    duplicated: count('duplicated'),
    reordered: count('reordered'),
    stuck: count('stuck'),
    'wrong-answer': count('wrong-answer'),
  };
}
