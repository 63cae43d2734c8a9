import { own } from '@outbox/local-cloud-kernel';
import type { AttributeValue, Item } from '../values/attribute-value';
import type { Path } from './ast';
import { parsedProjections } from './parse-update';
import { checkDistinct, resolvePath } from './paths';
import type { Placeholders } from './placeholders';

const KIND = 'ProjectionExpression';

/** The paths of a projection expression. @throws AwsError ValidationException in DynamoDB's words */
export function resolveProjection(text: string, placeholders: Placeholders): readonly Path[] {
  const paths = parsedProjections.get(KIND, text).map((steps) => resolvePath(KIND, steps, placeholders));
  checkDistinct(KIND, paths);
  return paths;
}

/** What of the item lies at the paths: maps with those members only, lists with those elements only, in their order. */
export function project(item: Item, paths: readonly Path[]): Item {
  return projectMap(item, paths);
}

function projectMap(map: Item, paths: readonly (readonly (string | number)[])[]): Item {
  const entries: [string, AttributeValue][] = [];
  for (const name of new Set(paths.map(([step]) => step))) {
    if (typeof name !== 'string') continue;
    const value = own(map, name);
    const part = value === undefined ? undefined : projectValue(value, below(paths, name));
    if (part !== undefined) entries.push([name, part]);
  }
  return Object.fromEntries(entries);
}

/** @param paths what is wanted of the value; one that ends here wants all of it */
function projectValue(
  value: AttributeValue,
  paths: readonly (readonly (string | number)[])[],
): AttributeValue | undefined {
  if (paths.some((path) => path.length === 0)) return value;
  if ('M' in value) {
    const map = projectMap(value.M, paths);
    return Object.keys(map).length > 0 ? { M: map } : undefined;
  }
  if (!('L' in value)) return undefined;
  const list = value.L.flatMap((element, index) => {
    const inner = below(paths, index);
    const part = inner.length > 0 ? projectValue(element, inner) : undefined;
    return part === undefined ? [] : [part];
  });
  return list.length > 0 ? { L: list } : undefined;
}

function below(
  paths: readonly (readonly (string | number)[])[],
  step: string | number,
): readonly (readonly (string | number)[])[] {
  return paths.filter(([first]) => first === step).map((path) => path.slice(1));
}
