import { validation } from '../errors';
import type { Path } from '../expressions/ast';
import { textAt, type Json } from '../json';
import { projectedNames, projectsAll, type IndexDefinition, type TableDefinition } from '../tables/definition';

export type Select = 'ALL_ATTRIBUTES' | 'ALL_PROJECTED_ATTRIBUTES' | 'SPECIFIC_ATTRIBUTES' | 'COUNT';

const KNOWN: readonly Select[] = ['ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES', 'SPECIFIC_ATTRIBUTES', 'COUNT'];

/** What a query or scan returns of the items. @param filtered names in a query's filter @throws AwsError ValidationException where that can't be had */
export function readSelect(
  body: Json,
  table: TableDefinition,
  index: IndexDefinition | undefined,
  paths: readonly Path[] | undefined,
  filtered: ReadonlySet<string> = new Set(),
): Select {
  const given = textAt(body, 'Select');
  const select = KNOWN.find((known) => known === given) ?? defaultSelect(index, paths);
  if (given !== undefined && given !== select) {
    throw validation(
      `1 validation error detected: Value '${given}' at 'select' failed to satisfy constraint: ` +
        'Member must satisfy enum value set: [SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES]',
    );
  }
  if (paths && select === 'COUNT')
    throw validation(`Cannot specify the ${parameter(body)} when choosing to get only the Count`);
  if (paths && select !== 'SPECIFIC_ATTRIBUTES') {
    throw validation(`Cannot specify the ${parameter(body)} when choosing to get ${select}`);
  }
  if (!paths && select === 'SPECIFIC_ATTRIBUTES') {
    throw validation(
      'Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES',
    );
  }
  if (!index && select === 'ALL_PROJECTED_ATTRIBUTES') {
    throw validation('ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName');
  }
  if (index?.isGlobal) checkGlobal(table, index, select, paths, filtered);
  return select;
}

function parameter(body: Json): string {
  return textAt(body, 'ProjectionExpression') === undefined ? 'AttributesToGet' : 'ProjectionExpression';
}

function defaultSelect(index: IndexDefinition | undefined, paths: readonly Path[] | undefined): Select {
  if (paths) return 'SPECIFIC_ATTRIBUTES';
  return index ? 'ALL_PROJECTED_ATTRIBUTES' : 'ALL_ATTRIBUTES';
}

/** A global index gives what it holds, and nothing else. */
function checkGlobal(
  table: TableDefinition,
  index: IndexDefinition,
  select: Select,
  paths: readonly Path[] | undefined,
  filtered: ReadonlySet<string>,
): void {
  if (select === 'ALL_ATTRIBUTES' && !projectsAll(index)) {
    throw validation(
      `One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index ${index.name} because its projection type is not ALL`,
    );
  }
  const names = projectedNames(table, index);
  if (!names) return;
  const missing = (paths ?? []).map(([name]) => name).filter((name) => !names.has(name));
  if (missing.length > 0) {
    throw validation(
      `One or more parameter values were invalid: Global secondary index ${index.name} does not project [${missing.join(', ')}]`,
    );
  }
  const unseen = [...filtered].filter((name) => !names.has(name)).sort();
  if (unseen.length > 0) {
    throw validation(
      `One or more parameter values were invalid: Secondary index ${index.name} does not project one or more filter attributes: [${unseen.join(', ')}]`,
    );
  }
}

/** The places shown of each item; undefined for all that can be seen. */
export function selectedPaths(select: Select, paths: readonly Path[] | undefined): readonly Path[] | undefined {
  return select === 'SPECIFIC_ATTRIBUTES' ? paths : undefined;
}
