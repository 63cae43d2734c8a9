import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const boundaries = '@nx/enforce-module-boundaries';
const use = (module: string): string => `import * as it from '${module}';\nexport const used = it;\n`;

/** What must not be written, where, and the rule that says so. One line per rule of eslint.config.mjs and boundaries.mjs. */
const forbidden: readonly (readonly [claim: string, path: string, text: string, rule: string])[] = [
  ['a domain imports no store', 'libs/orders/domain/src/x.ts', use('@outbox/orders-dynamodb'), boundaries],
  ['a domain imports no kit', 'libs/inbox/rules/src/x.ts', use('@outbox/function-kit'), boundaries],
  ['a domain imports no package but zod', 'libs/outbox/rules/src/x.ts', use('@aws-sdk/client-sqs'), boundaries],
  ['a contract imports no package but zod', 'libs/orders/events/src/x.ts', use('@aws-sdk/client-sqs'), boundaries],
  ['events know no orders', 'libs/orders/events/src/x.ts', use('@outbox/orders-domain'), boundaries],
  ['the outbox knows no orders', 'libs/outbox/rules/src/x.ts', use('@outbox/orders-domain'), boundaries],
  ['the outbox knows no domain’s events', 'libs/outbox/envelope/src/x.ts', use('@outbox/orders-events'), boundaries],
  ['the inbox knows no orders', 'libs/inbox/dynamodb/src/x.ts', use('@outbox/orders-dynamodb'), boundaries],
  ['a consumer imports no orders', 'apps/fulfilment/src/x.ts', use('@outbox/orders-domain'), boundaries],
  ['a consumer imports no outbox', 'apps/order-view/src/x.ts', use('@outbox/outbox-rules'), boundaries],
  ['the example’s command line is a client', 'apps/orders-cli/src/x.ts', use('@outbox/orders-domain'), boundaries],
  ['what command lines share knows no outbox', 'libs/cli-kit/src/x.ts', use('@outbox/outbox-rules'), boundaries],
  [
    'the console’s page knows its server’s words alone',
    'apps/console/src/x.ts',
    use('@outbox/outbox-rules'),
    boundaries,
  ],
  ['product imports no local cloud', 'apps/orders-api/src/x.ts', use('@outbox/local-cloud-kernel'), boundaries],
  ['product has no client of it', 'apps/order-view/src/x.ts', use('@outbox/local-cloud-client'), boundaries],
  [
    'its client imports nothing of it',
    'libs/local-cloud/client/src/x.ts',
    use('@outbox/local-cloud-kernel'),
    boundaries,
  ],
  ['the local cloud imports no product', 'libs/local-cloud/data/src/x.ts', use('@outbox/function-kit'), boundaries],
  ['the partners import no product', 'apps/partners/src/x.ts', use('@outbox/outbox-envelope'), boundaries],
  ['engine services do not meet', 'libs/local-cloud/wire/src/x.ts', use('@outbox/local-cloud-data'), boundaries],
  ['the kernel imports no service', 'libs/local-cloud/kernel/src/x.ts', use('@outbox/local-cloud-data'), boundaries],
  ['the suite imports no product', 'apps/e2e/src/x.spec.ts', use('@outbox/orders-domain'), boundaries],
  [
    'nothing leaves its project by a path',
    'apps/orders-api/src/x.ts',
    use('../../../libs/orders/events/src'),
    boundaries,
  ],
  ['no deep imports', 'apps/orders-api/src/x.ts', use('@outbox/orders-events/src/x'), 'no-restricted-imports'],
  ['no test helper outside specs', 'apps/orders-api/src/x.ts', use('@outbox/testing'), 'no-restricted-imports'],
  [
    'no outbox in memory but in specs',
    'apps/orders-api/src/x.ts',
    use('@outbox/outbox-testing'),
    'no-restricted-imports',
  ],
  [
    'no engine of specs but in specs',
    'libs/local-cloud/messaging/src/x.ts',
    use('@outbox/local-cloud-testing'),
    'no-restricted-imports',
  ],
  ['the package knows no domain', 'libs/outbox/package/src/x.ts', use('@outbox/orders-domain'), boundaries],
  ['the package holds no engine', 'libs/outbox/package/src/x.ts', use('@outbox/local-cloud-kernel'), boundaries],
  ['nobody imports the package', 'libs/outbox/dynamodb/src/x.ts', use('../../package/src'), boundaries],
  [
    'test helpers leave the package by /testing alone',
    'libs/outbox/package/src/x.ts',
    use('@outbox/outbox-testing'),
    'no-restricted-imports',
  ],
  ['commands know no domain', 'libs/outbox/commands/src/x.ts', use('@outbox/orders-domain'), boundaries],
  ['no Node built-in in a domain', 'libs/orders/domain/src/x.ts', use('node:fs'), 'no-restricted-imports'],
  ['no Node built-in in a contract', 'libs/orders/events/src/x.ts', use('node:crypto'), 'no-restricted-imports'],
  ['no classic zod in functions', 'apps/notifications/src/x.ts', use('zod'), 'no-restricted-imports'],
  ['no classic zod in a store', 'libs/inbox/dynamodb/src/x.ts', use('zod'), 'no-restricted-imports'],
  ['no fetch in a domain', 'libs/orders/domain/src/x.ts', 'void fetch("http://x");', 'no-restricted-globals'],
  ['no process in a domain', 'libs/inbox/rules/src/x.ts', 'export const x = process.env;', 'no-restricted-globals'],
  [
    'no system clock in a domain',
    'libs/outbox/rules/src/x.ts',
    'export const x = Date.now();',
    'no-restricted-properties',
  ],
  [
    'no present time in a domain',
    'libs/orders/domain/src/x.ts',
    'export const x = new Date();',
    'no-restricted-syntax',
  ],
  [
    'no randomness in a domain',
    'libs/orders/domain/src/x.ts',
    'export const x = Math.random();',
    'no-restricted-properties',
  ],
  ['no any', 'apps/orders-api/src/x.ts', 'export const x: any = 1;', '@typescript-eslint/no-explicit-any'],
  [
    'no any in specs',
    'apps/orders-api/src/x.spec.ts',
    'export const x: any = 1;',
    '@typescript-eslint/no-explicit-any',
  ],
  [
    'no non-null assertion in product code',
    'apps/orders-api/src/x.ts',
    'export const x = (y?: string) => y!.length;',
    '@typescript-eslint/no-non-null-assertion',
  ],
  ['no ts-ignore', 'apps/orders-api/src/x.ts', '// @ts-ignore\nexport {};', '@typescript-eslint/ban-ts-comment'],
  ['no default export', 'libs/orders/events/src/x.ts', 'export default 1;', 'no-restricted-exports'],
  ['no focused test', 'libs/orders/events/src/x.spec.ts', 'it.only("x", () => 1);', 'no-restricted-syntax'],
  ['no skipped suite', 'libs/orders/events/src/x.spec.ts', 'describe.skip("x", () => 1);', 'no-restricted-syntax'],
  [
    'no skipped test by its short name',
    'libs/orders/events/src/x.spec.ts',
    'xit("x", () => 1);',
    'no-restricted-syntax',
  ],
  ['nothing left to do', 'libs/orders/events/src/x.ts', '// TODO: x\nexport {};', 'no-warning-comments'],
  [
    'no rule is switched off in a file',
    'apps/orders-api/src/x.ts',
    '/* eslint-disable */\nexport const x: any = 1;',
    '@typescript-eslint/no-explicit-any',
  ],
];

/** What the rules must let pass: a rule that refuses everything would satisfy the list above. */
const allowed: readonly (readonly [claim: string, path: string, text: string])[] = [
  [
    'a domain imports a contract and zod',
    'libs/outbox/rules/src/x.ts',
    use('@outbox/outbox-envelope') + use('zod/mini'),
  ],
  ['a domain reads a given time', 'libs/orders/domain/src/x.ts', 'export const x = (ms: number) => new Date(ms);'],
  ['a store imports its domain', 'libs/orders/dynamodb/src/x.ts', use('@outbox/orders-domain')],
  [
    'a consumer imports inbox and events',
    'apps/fulfilment/src/x.ts',
    use('@outbox/inbox-dynamodb') + use('@outbox/orders-events'),
  ],
  [
    'a step of the orders’ own process imports inbox and domain',
    'apps/order-progress/src/x.ts',
    use('@outbox/inbox-dynamodb') + use('@outbox/orders-domain'),
  ],
  [
    'the operator’s program reads items by the libraries that write them',
    'apps/outboxctl/src/x.ts',
    use('@outbox/orders-dynamodb') + use('@outbox/outbox-dynamodb') + use('@outbox/inbox-dynamodb'),
  ],
  [
    'the package imports outbox and inbox',
    'libs/outbox/package/src/x.ts',
    use('@outbox/outbox-dynamodb') + use('@outbox/inbox-dynamodb') + use('@outbox/function-kit'),
  ],
  ['its /testing imports the outbox in memory', 'libs/outbox/package/src/testing.ts', use('@outbox/outbox-testing')],
  ['a command line imports what command lines share', 'apps/orders-cli/src/x.ts', use('@outbox/cli-kit')],
  ['a service imports the kernel', 'libs/local-cloud/wire/src/x.ts', use('@outbox/local-cloud-kernel')],
  ['a spec imports test helpers', 'libs/orders/domain/src/x.spec.ts', use('@outbox/testing') + use('fast-check')],
  ['a spec’s support imports them too', 'apps/orders-api/src/testing/x.ts', use('@outbox/outbox-testing')],
];

describe('the lint rules', () => {
  let results: readonly (readonly string[])[];

  beforeAll(() => {
    const texts = [...forbidden, ...allowed].map(([, path, text]) => ({ path, text: distinct(text) }));
    const { stdout, stderr } = spawnSync(process.execPath, [join(__dirname, 'lint-texts.mjs')], {
      input: JSON.stringify(texts),
      encoding: 'utf8',
    });
    if (!stdout) throw new Error(stderr);
    results = JSON.parse(stdout) as typeof results;
  }, 120_000);

  it.each(forbidden.map(([claim, , , rule], index) => ({ claim, rule, index })))('$claim', ({ rule, index }) => {
    expect(results[index]).toContain(rule);
  });

  it.each(allowed.map(([claim], index) => ({ claim, index })))('$claim', ({ index }) => {
    expect(results[forbidden.length + index]).toEqual([]);
  });
});

/** Two snippets in one file must not declare the same names. */
function distinct(text: string): string {
  let count = 0;
  return text.replaceAll(/import \* as it from ('[^']+');\nexport const used = it;/g, (_match, module: string) => {
    count += 1;
    return `import * as it${count} from ${module};\nexport const used${count} = it${count};`;
  });
}
