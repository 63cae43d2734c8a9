import type { Random } from '@outbox/testing';

/** One to four items; one of them the carrier refuses, unless they are shippable. */
export function orderItems(random: Random, isShippable: boolean): readonly Readonly<Record<string, unknown>>[] {
  const items = Array.from({ length: random.int(1, 4) }, (_, line) => ({
    sku: `sku-${line + 1}`,
    quantity: random.int(1, 9),
    unitPrice: `${random.int(1, 99)}.${random.int(10, 99)}`,
  }));
  if (isShippable) return items;
  const refused = random.int(0, items.length - 1);
  return items.map((item, line) => (line === refused ? { ...item, sku: `unshippable-${line + 1}` } : item));
}
