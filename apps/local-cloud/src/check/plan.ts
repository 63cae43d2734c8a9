import { isJsonObject, parseJson } from '@outbox/local-cloud-pattern';

/** What is read of `terraform show -json PLANFILE`: https://developer.hashicorp.com/terraform/internals/json-format */
export interface Plan {
  /** What Terraform would make, change or leave, and what it would ask for: no deletions. */
  readonly resources: readonly PlannedResource[];
  /** The types of the resources that an argument refers to, where its value is known only after the apply. */
  referredTypes(resource: PlannedResource, argument: string): readonly string[];
}

export interface PlannedResource {
  /** As Terraform prints it. */
  readonly address: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  /** Its arguments as far as they are known. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Shaped like `values`; true where a value is known only after the apply. */
  readonly unknown: Readonly<Record<string, unknown>>;
}

/** The text is no plan; the message says what to do. */
export class PlanError extends Error {
  override readonly name = 'PlanError';
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads a plan.
 * @throws PlanError when the text is something else, such as the JSON of a state, or a plan that wasn't converted
 */
export function parsePlan(text: string): Plan {
  const plan = parseJson(text);
  if (!isJsonObject(plan) || typeof plan['format_version'] !== 'string' || !isJsonObject(plan['configuration'])) {
    throw new PlanError('is not the JSON of a plan: make it with `terraform show -json PLANFILE > plan.json`');
  }
  const root = objectAt(plan['configuration'], 'root_module');
  const changes = listAt(plan, 'resource_changes').flatMap(planned);
  const read = resourcesOf(objectAt(objectAt(objectAt(plan, 'prior_state'), 'values'), 'root_module'))
    .filter((state) => state['mode'] === 'data')
    .map((state): PlannedResource => ({ ...named(state), values: objectAt(state, 'values'), unknown: {} }));
  return {
    resources: [...changes, ...read],
    referredTypes: ({ address }, argument) => {
      const path = [...address.matchAll(/(?:^|\.)module\.([\w-]+)(?:\[[^\]]*\])?/g)].map(([, name]) => name ?? '');
      const modules = modulesOn(root, path);
      const own = modules.at(-1) ?? {};
      const name = address.replace(/\[[^\]]*\]$/, '').replace(/^.*module\.[\w-]+(\[[^\]]*\])?\./, '');
      const resource = listAt(own, 'resources').find((each) => each['address'] === name);
      return typesOf(referencesOf(objectAt(resource ?? {}, 'expressions')[argument]), modules, path);
    },
  };
}

function planned(change: Json): readonly PlannedResource[] {
  const { actions, after, after_unknown: unknown } = objectAt(change, 'change');
  if (!Array.isArray(actions) || !actions.some((action) => action !== 'delete') || !isJsonObject(after)) return [];
  return [{ ...named(change), values: after, unknown: isJsonObject(unknown) ? unknown : {} }];
}

function named({ address, mode, type }: Json): Pick<PlannedResource, 'address' | 'mode' | 'type'> {
  return { address: String(address), mode: mode === 'data' ? 'data' : 'managed', type: String(type) };
}

/** The resources of a module's state and of those in it. */
function resourcesOf(module: Json): Json[] {
  return [...listAt(module, 'resources'), ...listAt(module, 'child_modules').flatMap(resourcesOf)];
}

/** The configuration of each module on the way to one, the root first. */
function modulesOn(root: Json, path: readonly string[]): readonly Json[] {
  const modules = [root];
  for (const name of path) {
    modules.push(objectAt(objectAt(objectAt(modules.at(-1) ?? {}, 'module_calls'), name), 'module'));
  }
  return modules;
}

function referencesOf(expression: unknown): readonly string[] {
  const found = isJsonObject(expression) ? expression['references'] : undefined;
  return Array.isArray(found) ? found.map(String) : [];
}

/**
 * The types of resources that references lead to: through variables into the module that calls, through outputs into a
 * module that is called. A local value is where the trail ends.
 */
function typesOf(references: readonly string[], modules: readonly Json[], path: readonly string[]): readonly string[] {
  const here = modules.at(-1) ?? {};
  const types = references.flatMap((reference): readonly string[] => {
    const [first = '', second = '', third = ''] = reference.replaceAll(/\[[^\]]*\]/g, '').split('.');
    if (/^aws_/.test(first)) return [first];
    const calls = objectAt(modules.at(-2) ?? {}, 'module_calls');
    if (first === 'var' && modules.length > 1) {
      const given = objectAt(objectAt(calls, path.at(-1) ?? ''), 'expressions')[second];
      return typesOf(referencesOf(given), modules.slice(0, -1), path.slice(0, -1));
    }
    if (first === 'module' && third !== '') {
      const called = objectAt(objectAt(objectAt(here, 'module_calls'), second), 'module');
      const output = objectAt(objectAt(objectAt(called, 'outputs'), third), 'expression');
      return typesOf(referencesOf(output), [...modules, called], [...path, second]);
    }
    return [];
  });
  return [...new Set(types)];
}

function objectAt(value: Json, name: string): Json {
  const member = value[name];
  return isJsonObject(member) ? member : {};
}

function listAt(value: Json, name: string): readonly Json[] {
  const member = value[name];
  return Array.isArray(member) ? member.filter(isJsonObject) : [];
}
