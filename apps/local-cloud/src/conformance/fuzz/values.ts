import type { NormalizedSchema } from '@smithy/core/schema';
import type { Random } from '@outbox/testing';

const MAX_DEPTH = 5;

/** Names of what the fuzzed account holds, so that requests get past "not found", and what no service likes. */
const texts = (account: string): readonly string[] => [
  ...['q', 'tab', 'f', 'b', 'r', 'default', '$LATEST', '$default', 'live', 'All', 'String', '1'],
  `http://127.0.0.1/${account}/q`,
  `arn:aws:sqs:us-east-1:${account}:q`,
  `arn:aws:lambda:us-east-1:${account}:function:f`,
  `arn:aws:iam::${account}:role/f-role`,
  `arn:aws:dynamodb:us-east-1:${account}:table/tab`,
  `arn:aws:events:us-east-1:${account}:event-bus/default`,
  'arn:aws:::',
  'arn',
  ':',
  '/',
  '//',
  '..%2f..',
  '%',
  '%zz',
  '\u0000',
  '\ud800',
  '𝄞'.repeat(3),
  ' ',
  '',
  '{}',
  '{',
  '[]',
  'null',
  '{"source":["a"]}',
  '{"Version":"2012-10-17","Statement":[{}]}',
  '{"a":'.repeat(200),
  'rate(1 minute)',
  'cron(* * * * ? *)',
  'at(9999-99-99T00:00:00)',
  '__proto__',
  'constructor',
  'toString',
  '-1',
  '0',
  '1e400',
  'NaN',
  '9'.repeat(40),
  'x'.repeat(300),
  'x'.repeat(70_000),
  '<a>&amp;</a>',
  "' OR 1=1 --",
];

const numbers = [-1, 0, 1, 2, 10, 59, 900, 43_201, 2 ** 31, 2 ** 53, -(2 ** 63), 0.5, 1e300];

/** A value for a member, now and then of another type than its own. */
export function valueFor(schema: NormalizedSchema, random: Random, account: string, depth = 0): unknown {
  if (random.chance(0.12)) return anything(random, account);
  if (schema.isStructSchema()) return depth > MAX_DEPTH ? {} : structFor(schema, random, account, depth);
  if (schema.isListSchema()) {
    if (depth > MAX_DEPTH) return [];
    const length = random.pick([0, 1, 1, 1, 2, 3, 12]);
    return Array.from({ length }, () => valueFor(schema.getValueSchema(), random, account, depth + 1));
  }
  if (schema.isMapSchema()) {
    if (depth > MAX_DEPTH) return {};
    const keys = Array.from({ length: random.int(0, 2) }, () => random.pick(texts(account)));
    return Object.fromEntries(keys.map((key) => [key, valueFor(schema.getValueSchema(), random, account, depth + 1)]));
  }
  if (schema.isNumericSchema()) return random.pick(numbers);
  if (schema.isBooleanSchema()) return random.chance(0.5);
  if (schema.isTimestampSchema()) return random.pick([0, -1, 1.5, 1_800_000_000, 1e18, '2026-01-01T00:00:00Z', 'now']);
  if (schema.isBlobSchema()) return random.pick(['', 'UEsDBA==', 'not base64 !', 'AAAA']);
  return random.pick(texts(account));
}

/** Required members nearly always, the others now and then, and sometimes one that isn't there. */
export function structFor(
  schema: NormalizedSchema,
  random: Random,
  account: string,
  depth = 0,
): Record<string, unknown> {
  const members: [string, unknown][] = [];
  for (const [name, member] of schema.structIterator()) {
    if (random.chance(depth === 0 ? 0.6 : 0.5)) members.push([name, valueFor(member, random, account, depth + 1)]);
  }
  if (random.chance(0.05)) members.push([random.pick(texts(account)), anything(random, account)]);
  return Object.fromEntries(members);
}

function anything(random: Random, account: string): unknown {
  return random.pick<unknown>([
    null,
    true,
    [],
    {},
    [[[]]],
    { a: { b: null } },
    random.pick(numbers),
    random.pick(texts(account)),
  ]);
}
