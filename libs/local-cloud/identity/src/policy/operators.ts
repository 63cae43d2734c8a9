import { BlockList, isIP } from 'node:net';
import { matchesArn, matchesWithVariables, substitute, type VariableLookup } from './pattern';

/** Whether what was sent equals the policy's value, in the sense of the operator. */
export type Compare = (sent: string, value: string, lookup: VariableLookup) => boolean;

interface Operator {
  readonly compare: Compare;
  /** `…Not…`: holds when none of the values equals. */
  readonly negated: boolean;
}

const text =
  (equal: (a: string, b: string) => boolean): Compare =>
  (sent, value, lookup) => {
    const full = substitute(value, lookup);
    return full !== undefined && equal(sent, full);
  };

const number =
  (compare: (a: number, b: number) => boolean, read: (text: string) => number): Compare =>
  (sent, value) => {
    const [left, right] = [read(sent), read(value)];
    return !Number.isNaN(left) && !Number.isNaN(right) && compare(left, right);
  };

const same = text((a, b) => a === b);
const sameIgnoringCase = text((a, b) => a.toLowerCase() === b.toLowerCase());
const like: Compare = (sent, value, lookup) => matchesWithVariables(value, sent, lookup);
const arn: Compare = (sent, value, lookup) => matchesArn(value, sent, lookup);

/** Condition operators by name, without quantifiers, `IfExists` and `Null`. Source: IAM user guide, "Condition operators". */
export const operators: Readonly<Record<string, Operator | undefined>> = {
  StringEquals: { compare: same, negated: false },
  StringNotEquals: { compare: same, negated: true },
  StringEqualsIgnoreCase: { compare: sameIgnoringCase, negated: false },
  StringNotEqualsIgnoreCase: { compare: sameIgnoringCase, negated: true },
  StringLike: { compare: like, negated: false },
  StringNotLike: { compare: like, negated: true },
  // ArnEquals and ArnLike behave alike, as documented.
  ArnEquals: { compare: arn, negated: false },
  ArnLike: { compare: arn, negated: false },
  ArnNotEquals: { compare: arn, negated: true },
  ArnNotLike: { compare: arn, negated: true },
  Bool: { compare: sameIgnoringCase, negated: false },
  BinaryEquals: { compare: same, negated: false },
  IpAddress: { compare: inRange, negated: false },
  NotIpAddress: { compare: inRange, negated: true },
  ...comparisons('Numeric', Number),
  ...comparisons('Date', readDate),
};

function comparisons(prefix: string, read: (text: string) => number): Record<string, Operator> {
  const equal = number((a, b) => a === b, read);
  return {
    [`${prefix}Equals`]: { compare: equal, negated: false },
    [`${prefix}NotEquals`]: { compare: equal, negated: true },
    [`${prefix}LessThan`]: { compare: number((a, b) => a < b, read), negated: false },
    [`${prefix}LessThanEquals`]: { compare: number((a, b) => a <= b, read), negated: false },
    [`${prefix}GreaterThan`]: { compare: number((a, b) => a > b, read), negated: false },
    [`${prefix}GreaterThanEquals`]: { compare: number((a, b) => a >= b, read), negated: false },
  };
}

/** ISO 8601, in UTC where it doesn't say, or epoch seconds. */
function readDate(text: string): number {
  if (/^\d{5,}(\.\d+)?$/.test(text)) return Number(text) * 1000;
  return Date.parse(/T[\d:.]+$/.test(text) ? `${text}Z` : text);
}

function inRange(sent: string, value: string): boolean {
  const [address = '', bits] = value.split('/');
  const version = isIP(address);
  if (version === 0 || version !== isIP(sent)) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const most = version === 4 ? 32 : 128;
  const prefix = Number(bits ?? most);
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > most) return false;
  const range = new BlockList();
  range.addSubnet(address, prefix, family);
  return range.check(sent, family);
}
