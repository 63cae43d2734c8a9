/** The parts of `terraform show -json` of a plan that we read: https://developer.hashicorp.com/terraform/internals/json-format */
export interface Plan {
  readonly format_version: string;
  readonly resource_changes?: readonly ResourceChange[];
  readonly output_changes?: Readonly<Record<string, Change>>;
  readonly checks?: readonly Check[];
  /** The root module's variables, those left to their defaults too. */
  readonly variables?: Readonly<Record<string, { readonly value?: unknown }>>;
  /** The configuration that was planned, as modules and expressions. */
  readonly configuration?: unknown;
}

export interface ResourceChange {
  readonly address: string;
  /** Set when the resource was moved: where it was. */
  readonly previous_address?: string;
  readonly mode: string;
  readonly type: string;
  readonly name: string;
  readonly change: Change;
}

export interface Change {
  readonly actions: readonly string[];
  readonly before: unknown;
  readonly after?: unknown;
  /** Shaped like `after`; true where a value is known only after the apply. */
  readonly after_unknown?: unknown;
  /** Shaped like `before` and `after`; true where a value must not be shown. */
  readonly before_sensitive?: unknown;
  readonly after_sensitive?: unknown;
  /** Attributes that forced a replacement. */
  readonly replace_paths?: readonly (readonly (string | number)[])[];
  readonly importing?: unknown;
}

interface Check {
  readonly address: { readonly kind: string; readonly to_display: string };
  readonly status: string;
  readonly instances?: readonly { readonly problems?: readonly { readonly message: string }[] }[];
}

/** The text is no plan of a format we know. */
export class PlanFormatError extends Error {
  override readonly name = 'PlanFormatError';
}

/**
 * Reads what `terraform show -json PLANFILE` prints.
 * @throws PlanFormatError when it is something else, such as the JSON of a state or a format with another major version
 */
export function parsePlan(text: string): Plan {
  const value = parseJson(text);
  if (!isRecord(value) || typeof value['format_version'] !== 'string') {
    throw new PlanFormatError('not the JSON of a plan: make it with `terraform show -json PLANFILE`');
  }
  // Within a major version the format only grows.
  if (!value['format_version'].startsWith('1.')) {
    throw new PlanFormatError(`plan format ${value['format_version']}: only 1.x is known here`);
  }
  if ('values' in value || !('terraform_version' in value)) {
    throw new PlanFormatError('the JSON of a state, not of a plan: give `terraform show -json` the plan file');
  }
  return value as unknown as Plan;
}

/** Whether `value` is a JSON object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member of an object or an element of a list, by name or index; undefined where there is none. */
export function memberOf(value: unknown, key: string | number): unknown {
  if (Array.isArray(value)) return (value as readonly unknown[])[Number(key)];
  return isRecord(value) ? value[key] : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PlanFormatError('not JSON: make it with `terraform show -json PLANFILE`', { cause });
  }
}
