import { type Change, type Plan, type ResourceChange } from '../plan-json.ts';
import { lossOf } from '../holds-data.ts';
import { type ChangedAttribute, changedAttributes } from './changed-attributes.ts';

/** A resource that goes: for good, or to come again as another. */
export interface Removal {
  readonly address: string;
  /** Whether it takes with it what no code brings back: rows, messages, archived events, logs, an address. */
  readonly holdsData: boolean;
  /** Attributes that force the replacement; empty when the resource is destroyed, or when it was asked for. */
  readonly because: readonly string[];
}

export interface Update {
  readonly address: string;
  readonly attributes: readonly ChangedAttribute[];
}

/** What a reviewer must see of a plan, worst first. */
export interface Summary {
  readonly replaced: readonly Removal[];
  readonly destroyed: readonly Removal[];
  readonly updated: readonly Update[];
  /** Type and how many of it, sorted by type. */
  readonly created: readonly { readonly type: string; readonly count: number }[];
  /** Resources that get another address and stay what they are. */
  readonly moved: readonly { readonly from: string; readonly to: string }[];
  readonly imported: readonly string[];
  /** Resources that Terraform forgets and leaves running. */
  readonly forgotten: readonly string[];
  /** Names of outputs whose value changes. */
  readonly outputs: readonly string[];
  /** Messages of `check` blocks that don't hold; the plan applies all the same. */
  readonly warnings: readonly string[];
}

/** Sorts a plan's changes by how much harm they can do. Values of strings and of what is sensitive are left out. */
export function summarise(plan: Plan): Summary {
  const changes = (plan.resource_changes ?? []).filter(({ mode }) => mode === 'managed');
  const kindOf = (kind: Kind): readonly ResourceChange[] =>
    changes.filter(({ change }) => kindOfChange(change) === kind);
  return {
    replaced: removals(kindOf('replace')),
    destroyed: removals(kindOf('delete')),
    updated: kindOf('update').map(({ address, change }) => ({ address, attributes: changedAttributes(change) })),
    created: countByType(kindOf('create')),
    moved: changes.flatMap(({ address, previous_address: from }) =>
      from === undefined ? [] : [{ from, to: address }],
    ),
    imported: changes
      .filter(({ change }) => change.importing !== undefined && change.importing !== null)
      .map(({ address }) => address),
    forgotten: kindOf('forget').map(({ address }) => address),
    outputs: Object.entries(plan.output_changes ?? {})
      .filter(([, change]) => kindOfChange(change) !== 'none')
      .map(([name]) => name),
    warnings: (plan.checks ?? [])
      .filter(({ status }) => status === 'fail' || status === 'error')
      .flatMap(({ instances }) => (instances ?? []).flatMap(({ problems }) => problems ?? []))
      .map(({ message }) => message),
  };
}

/** Whether applying the plan would change no resource. */
export function changesNothing(summary: Summary): boolean {
  const { replaced, destroyed, updated, created, imported, forgotten } = summary;
  return [replaced, destroyed, updated, created, imported, forgotten].every((group) => group.length === 0);
}

type Kind = 'replace' | 'delete' | 'update' | 'create' | 'forget' | 'none';

function kindOfChange({ actions }: Change): Kind {
  if (actions.includes('forget')) return 'forget';
  if (actions.includes('delete')) return actions.includes('create') ? 'replace' : 'delete';
  if (actions.includes('update')) return 'update';
  return actions.includes('create') ? 'create' : 'none';
}

/** Those that lose data first. */
function removals(changes: readonly ResourceChange[]): readonly Removal[] {
  return changes.map(removal).sort((a, b) => Number(b.holdsData) - Number(a.holdsData));
}

function removal({ address, type, change }: ResourceChange): Removal {
  const because = (change.replace_paths ?? []).map((path) => path.join('.'));
  return { address, holdsData: lossOf(type) !== undefined, because };
}

function countByType(created: readonly ResourceChange[]): Summary['created'] {
  const counts = new Map<string, number>();
  for (const { type } of created) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].map(([type, count]) => ({ type, count })).sort((a, b) => a.type.localeCompare(b.type));
}
