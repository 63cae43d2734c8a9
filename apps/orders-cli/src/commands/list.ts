import { columns, wantsJson, wholeNumber } from '@outbox/cli-kit';
import type { Command } from 'commander';
import type { OrdersContext } from '../context';
import type { ListedOrder } from '../orders-client';
import { clientOf } from './client';

/** `list CUSTOMER`: a customer's newest orders, as the read model has them. */
export function addListCommand(program: Command, context: OrdersContext): void {
  program
    .command('list')
    .description('a customer’s orders, newest first (GET /customers/{customerId}/orders)')
    .argument('<customerId>')
    .option('--limit <n>', 'how many at most', wholeNumber, 20)
    .action(async (customerId: string, { limit }: { limit: number }, command: Command) => {
      const client = await clientOf(context, command);
      const { orders, more } = await client.list(customerId, limit);
      if (wantsJson(command)) return context.print(JSON.stringify({ orders, more }));
      if (orders.length === 0) return context.print(`no orders of ${customerId}`);
      for (const row of columns(orders.map(cells))) context.print(row);
      if (more) context.print(`${orders.length} shown, there are older ones (--limit shows more)`);
    });
}

function cells({ orderId, status, total, currency, itemCount, placedAt, version }: ListedOrder): string[] {
  return [
    orderId,
    status,
    `version ${version}`,
    `${itemCount} ${itemCount === 1 ? 'item' : 'items'}`,
    `${total} ${currency}`,
    placedAt,
  ];
}
