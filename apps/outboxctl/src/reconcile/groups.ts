import { FINDING_KINDS, type Finding, type FindingKind } from './finding';
import { remedyOf } from './remedy';

/** Findings of one kind at one consumer; without a consumer those of the outbox alone. */
export interface FindingGroup {
  readonly kind: FindingKind;
  readonly consumer?: string;
  readonly count: number;
}

/** What a group holds besides its count: the first findings, as many as were asked for. */
interface Collected extends FindingGroup {
  readonly examples: readonly Finding[];
  /** What to do about them, each remedy once. */
  readonly remedies: ReadonlySet<string>;
}

interface Group extends Collected {
  count: number;
  readonly examples: Finding[];
  readonly remedies: Set<string>;
}

/** Counts findings by consumer and kind and keeps a few of each, so that memory doesn't grow with what is found. */
export class FindingGroups {
  readonly #groups = new Map<string, Group>();

  /** @param limit how many examples are kept per group */
  constructor(private readonly limit: number) {}

  /** Returns whether the finding is one of the group's examples. */
  add(finding: Finding): boolean {
    const { kind, consumer } = finding;
    const key = JSON.stringify([kind, consumer]);
    const group = this.#groups.get(key) ?? {
      kind,
      ...(consumer === undefined ? {} : { consumer }),
      count: 0,
      examples: [],
      remedies: new Set<string>(),
    };
    this.#groups.set(key, group);
    group.count += 1;
    const remedy = remedyOf(finding);
    if (remedy !== undefined) group.remedies.add(remedy);
    if (group.count > this.limit) return false;
    group.examples.push(finding);
    return true;
  }

  /** Worst first, as `FINDING_KINDS` has them; within a kind by consumer. */
  all(): readonly Collected[] {
    return [...this.#groups.values()].sort(
      (a, b) =>
        FINDING_KINDS.indexOf(a.kind) - FINDING_KINDS.indexOf(b.kind) ||
        (a.consumer ?? '').localeCompare(b.consumer ?? ''),
    );
  }

  countsByKind(): Readonly<Record<FindingKind, number>> {
    const counts = Object.fromEntries(FINDING_KINDS.map((kind) => [kind, 0])) as Record<FindingKind, number>;
    for (const { kind, count } of this.#groups.values()) counts[kind] += count;
    return counts;
  }

  counts(): readonly FindingGroup[] {
    return this.all().map(({ examples: _, remedies: __, ...group }) => group);
  }
}
