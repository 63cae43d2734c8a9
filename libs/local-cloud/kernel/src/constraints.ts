import { AwsError } from './errors';

/** What an API model says of a text: its length in characters, and a pattern that all of it matches. */
export interface TextRule {
  /** 1 unless given. */
  readonly least?: number;
  readonly most?: number;
  readonly pattern?: string;
  /** For patterns with classes of Unicode. */
  readonly flags?: 'u';
}

/**
 * What a service refuses because it breaks its API model, in the words that all of AWS's request validators share. What is
 * `undefined` is not checked; `member` is a path as AWS writes it, e.g. `tags.1.member.key`.
 */
export interface Constraints {
  /** The refusal itself; `rule` is e.g. `Member must not be null`. */
  readonly constraint: (value: unknown, member: string, rule: string) => AwsError;
  /** @throws AwsError */
  readonly checkText: (value: string | undefined, member: string, rule: TextRule) => void;
  /** @throws AwsError */
  readonly checkOneOf: (value: string | undefined, member: string, known: readonly string[]) => void;
  /** For whole numbers, which schemas don't tell from others. @throws AwsError */
  readonly checkNumber: (value: number | undefined, member: string, least: number, most?: number) => void;
  /** How many elements a list or a map has. @throws AwsError */
  readonly checkCount: (items: readonly unknown[] | undefined, member: string, least: number, most?: number) => void;
}

/** One thing in which a request breaks its API model. */
export interface BrokenConstraint {
  /** Left out where there is no value that could be shown. */
  readonly value?: string;
  /** A path as AWS writes it, e.g. `tags.1.member.key`. */
  readonly member: string;
  /** E.g. `Member must not be null`. */
  readonly rule: string;
}

/** The text of a refusal that names all of what is broken, as AWS's request validators write it. */
export function describeBroken(broken: readonly BrokenConstraint[]): string {
  const count = broken.length === 1 ? '1 validation error' : `${broken.length} validation errors`;
  const texts = broken.map(
    ({ value, member, rule }) =>
      `Value${value === undefined ? '' : ` ${value}`} at '${member}' failed to satisfy constraint: ${rule}`,
  );
  return `${count} detected: ${texts.join('; ')}`;
}

/** The rule of a member whose value has to be one of `known`. */
export function enumRule(known: readonly string[]): string {
  return `Member must satisfy enum value set: [${known.join(', ')}]`;
}

/** The checks of a service; `refuse` makes its error of a message. */
export function constraintsOf(
  refuse: (message: string) => AwsError = (message) => new AwsError('ValidationException', message),
): Constraints {
  const constraint = (value: unknown, member: string, rule: string): AwsError =>
    refuse(describeBroken([{ value: `'${String(value)}'`, member, rule }]));

  return {
    constraint,
    checkText: (value, member, { least = 1, most = Infinity, pattern, flags }) => {
      if (value === undefined) return;
      if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`, flags).test(value)) {
        throw constraint(value, member, `Member must satisfy regular expression pattern: ${pattern}`);
      }
      const rule = brokenBound('length', value.length, least, most);
      if (rule !== undefined) throw constraint(value, member, rule);
    },
    checkOneOf: (value, member, known) => {
      if (value === undefined || known.includes(value)) return;
      throw constraint(value, member, enumRule(known));
    },
    checkNumber: (value, member, least, most = Infinity) => {
      if (value === undefined) return;
      if (!Number.isInteger(value)) throw constraint(value, member, 'Member must be a whole number');
      const rule = brokenBound('value', value, least, most);
      if (rule !== undefined) throw constraint(value, member, rule);
    },
    checkCount: (items, member, least, most = Infinity) => {
      if (!items) return;
      const rule = brokenBound('length', items.length, least, most);
      if (rule !== undefined) throw constraint(JSON.stringify(items), member, rule);
    },
  };
}

/** The rule that a size breaks, if it does. */
function brokenBound(what: 'length' | 'value', size: number, least: number, most: number): string | undefined {
  if (size < least) return `Member must have ${what} greater than or equal to ${least}`;
  return size > most ? `Member must have ${what} less than or equal to ${most}` : undefined;
}
