import { isRecord, memberOf, type Plan } from '../plan-json.ts';

/** A resource as it will be once the plan is applied. */
export interface Planned {
  readonly address: string;
  readonly type: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** Shaped like `values`; true where a value is known only after the apply. */
  readonly unknown: unknown;
  /** Names of the arguments that the configuration sets; undefined when the plan doesn't tell. */
  readonly configured: ReadonlySet<string> | undefined;
}

/** A value at a path: known (null when unset), or known only after the apply. */
export type Value = { readonly known: true; readonly value: unknown } | { readonly known: false };

/** Every managed resource that there will be, changed by this plan or not. */
export function plannedResources(plan: Plan): readonly Planned[] {
  const configured = configuredArguments(plan.configuration);
  return (plan.resource_changes ?? []).flatMap(({ mode, address, type, change }) => {
    if (mode !== 'managed' || !isRecord(change.after)) return [];
    const names = configured.get(address.replaceAll(/\[(?:"(?:[^"\\]|\\.)*"|\d+)\]/g, ''));
    return [{ address, type, values: change.after, unknown: change.after_unknown, configured: names }];
  });
}

/** The value at `path`, blocks being lists: `valueAt(queue, 'redrive_policy')`, `valueAt(rule, 'dead_letter_config', 0, 'arn')`. */
export function valueAt(resource: Planned, ...path: readonly (string | number)[]): Value {
  let value: unknown = resource.values;
  let unknown: unknown = resource.unknown;
  for (const key of path) {
    value = memberOf(value, key);
    unknown = memberOf(unknown, key);
    if (unknown === true) return { known: false };
  }
  return { known: true, value: value ?? null };
}

/**
 * Whether there will be a value that is not empty. One the provider may also fill in by itself is unknown until the
 * apply whether it is set or not: then the configuration decides.
 */
export function isSet(resource: Planned, ...path: readonly (string | number)[]): boolean {
  const at = valueAt(resource, ...path);
  if (at.known) return at.value !== null && at.value !== '';
  return resource.configured?.has(String(path[0])) ?? true;
}

/** Addresses without instance keys → the names of the arguments set there. */
function configuredArguments(configuration: unknown): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, ReadonlySet<string>>();
  const walk = (module: unknown, prefix: string): void => {
    const resources = memberOf(module, 'resources');
    for (const resource of Array.isArray(resources) ? (resources as readonly unknown[]) : []) {
      const names = Object.keys(recordAt(resource, 'expressions'));
      found.set(`${prefix}${String(memberOf(resource, 'address'))}`, new Set(names));
    }
    for (const [name, call] of Object.entries(recordAt(module, 'module_calls'))) {
      walk(memberOf(call, 'module'), `${prefix}module.${name}.`);
    }
  };
  walk(memberOf(configuration, 'root_module'), '');
  return found;
}

function recordAt(value: unknown, key: string): Readonly<Record<string, unknown>> {
  const member = memberOf(value, key);
  return isRecord(member) ? member : {};
}
