import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { domainNamesIn } from './domain-names';

const ROOT = join(__dirname, '..', '..', '..', '..');

/** What serves any domain: it must not know the example's. */
const GENERIC = [
  'libs/outbox',
  'libs/inbox',
  'libs/function-kit',
  'libs/cli-kit',
  'libs/console-api',
  'libs/prices',
  'libs/tooling',
  'apps/console',
  'apps/outbox-acknowledger',
  'apps/outbox-relay',
  'apps/outbox-sweeper',
  'apps/outboxctl',
  'terraform/modules',
];

/** What is about the example, or uses one of its words for something else, by the beginning of its path. */
const EXEMPT: readonly (readonly [path: string, reason: string])[] = [
  ['libs/tooling/src/generators/', 'it generates consumers and aggregates of the example'],
  ['libs/tooling/src/lint/', 'it rules who may know the example'],
  ['libs/tooling/src/package/bundle.spec.ts', 'it bundles the example’s functions'],
  ['libs/tooling/src/plan/', 'its fixtures are plans of the example'],
  ['libs/tooling/src/scripts/background.spec.ts', 'it reads what the example’s console offers'],
  ['libs/tooling/src/scripts/bench/', 'it measures the example'],
  ['libs/tooling/src/scripts/bundles/', 'it measures the example’s functions'],
  ['libs/tooling/src/scripts/chaos.', 'it puts the example under faults'],
  ['libs/tooling/src/scripts/console-requests.ts', 'it is what the example’s console offers to send'],
  ['libs/tooling/src/scripts/demo.ts', 'it shows the example'],
  ['libs/tooling/src/scripts/dev/', 'it runs the example’s functions'],
  ['libs/tooling/src/scripts/full/', 'it puts the example to work'],
  ['libs/tooling/src/scripts/new-aggregate.ts', 'it generates aggregates of the example'],
  ['libs/tooling/src/scripts/order-clients.ts', 'it is the example’s clients'],
  ['libs/tooling/src/scripts/partners-log', 'it reads what the example’s partners were asked for'],
  ['libs/tooling/src/scripts/up-to-date', 'it reads what the example’s Terraform reads'],
  ['libs/tooling/src/scripts/up.ts', 'it says how to try the example'],
  ['apps/outboxctl/src/stack.ts', 'an output is called after the example’s function'],
  ['terraform/modules/encryption-key/main.tf', 'AWS calls a key the customer’s'],
];

describe('the example’s domain', () => {
  const found = GENERIC.flatMap((folder) => textsUnder(folder)).flatMap(([path, text]) => domainNamesIn(path, text));
  const excused = EXEMPT.map(([path]) => path);

  it('is named nowhere in what serves any domain', () => {
    const names = found.filter(({ place }) => !excused.some((path) => place.startsWith(path)));
    expect(names.map(({ place, name }) => `${place}: ${name}`)).toEqual([]);
  });

  it.each(excused)('is still named in %s: if not, take it off the list', (path) => {
    expect(found.some(({ place }) => place.startsWith(path))).toBe(true);
  });

  it.each([
    ['const orderId = 1;', 'order'],
    ['ORDER_ID', 'ORDER'],
    ['type: "OrderCreated"', 'Order'],
    ['pk: `ORDER#${id}`', 'ORDER'],
    ['orders_table_name', 'orders'],
    ['modules/order-view', 'order'],
    ['// what an order costs', 'order'],
    ['// the order’s items', 'order'],
    ['// by order and version', 'order'],
    ['inOrderTable(orders)', 'orders'],
    ['// begin order', 'order'],
    ['data.customerId', 'customer'],
    ['the customers of', 'customers'],
    ['items[0].sku', 'sku'],
    ['dlq show fulfilment', 'fulfilment'],
  ])('is seen in %s', (text, name) => {
    expect(domainNamesIn('a/b.ts', `\n${text}\n`)).toContainEqual({ name, place: 'a/b.ts:2' });
  });

  it.each([
    'an in-order consumer',
    'IN_ORDER_START',
    'const inOrder = sort(letters);',
    '// out of order, or out-of-order',
    '// in the order given, the same order',
    'run(IN_ORDER, events)',
    '// keeps no order, holds a place in an order',
    '// how it treats duplicates and order',
    'a customer managed key, a customer-managed key, customerKey',
    'import { sweepOrder } from "./sweep-order";',
    'border, recorder, reorder, ordering',
  ])('is not seen in %s', (text) => {
    expect(domainNamesIn('a/b.ts', text)).toEqual([]);
  });
});

function textsUnder(folder: string): [path: string, text: string][] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => /\.(tsx?|mts|mjs|cjs|tf|hcl|md|json|html)$|\/bin\/[a-z-]+$/.test(path))
    .filter((path) => !/\/(node_modules|\.terraform|dist)\//.test(path))
    .map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]);
}
