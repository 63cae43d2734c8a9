/** A function's environment is missing a variable or holds a value it cannot use. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
  constructor(
    readonly variable: string,
    problem: string,
  ) {
    super(`environment variable ${variable} ${problem}`);
  }
}

/** Typed reading of environment variables; every method throws EnvironmentError naming the variable. */
export interface Env {
  /** Any text but the empty one. */
  string(name: string): string;
  /** An http or https address. */
  url(name: string): string;
  /** A whole number within `min`..`max` (both inclusive). */
  int(name: string, range?: { min?: number; max?: number }): number;
  /** Exactly `true` or `false`. */
  boolean(name: string): boolean;
  /** One of the given words. */
  oneOf<const T extends string>(name: string, allowed: readonly T[]): T;
}

/** Reads from the given variables (`process.env` in a function). */
export function readEnv(variables: Readonly<Record<string, string | undefined>>): Env {
  const string = (name: string): string => {
    const value = variables[name];
    if (value === undefined || value === '') throw new EnvironmentError(name, 'is not set');
    return value;
  };
  const oneOf = <const T extends string>(name: string, allowed: readonly T[]): T => {
    const value = string(name);
    const found = allowed.find((word) => word === value);
    if (found === undefined) {
      throw new EnvironmentError(name, `must be one of ${allowed.join(', ')}, is ${JSON.stringify(value)}`);
    }
    return found;
  };
  return {
    string,
    oneOf,
    url: (name) => {
      const value = string(name);
      if (/^https?:$/.test(URL.parse(value)?.protocol ?? '')) return value;
      throw new EnvironmentError(name, `must be an address with http:// or https://, is ${JSON.stringify(value)}`);
    },
    boolean: (name) => oneOf(name, ['true', 'false']) === 'true',
    int: (name, { min = 0, max = Number.MAX_SAFE_INTEGER } = {}) => {
      const value = string(name);
      const number = /^-?\d+$/.test(value) ? Number(value) : Number.NaN;
      if (Number.isSafeInteger(number) && number >= min && number <= max) return number;
      throw new EnvironmentError(name, `must be a whole number from ${min} to ${max}, is ${JSON.stringify(value)}`);
    },
  };
}
