import { readFile } from 'node:fs/promises';
import { UsageError } from '@outbox/cli-kit';
import type { Command } from 'commander';
import type { OrdersContext } from '../context';
import type { NewOrder } from '../orders-client';
import { clientOf, show } from './client';

interface BodyOptions {
  readonly file?: string;
  readonly item?: readonly string[];
  readonly key?: string;
}

/** `create`, `update` and `get`: one order through the public HTTP API. */
export function addOrderCommands(program: Command, context: OrdersContext): void {
  program
    .command('create')
    .description('place an order (POST /orders)')
    .option('--customer <id>', 'customer id')
    .option('--currency <code>', 'ISO 4217 currency', 'EUR')
    .option('--item <sku:quantity:unitPrice...>', 'an item, e.g. sku-1:2:19.99; repeatable')
    .option('--file <path>', 'the request body as JSON instead of --customer/--currency/--item ("-" = stdin)')
    .option('--key <key>', 'Idempotency-Key (a new one unless given)')
    .action(async (options: BodyOptions & { customer?: string; currency: string }, command: Command) => {
      const body = options.file === undefined ? newOrder(options) : await readBody(options.file);
      const orders = await clientOf(context, command);
      show(context, command, await context.protect(() => orders.create(body, options.key)));
    });

  program
    .command('update')
    .description('change an order (PATCH /orders/{orderId})')
    .argument('<orderId>')
    .option('--status <status>', 'CONFIRMED, SHIPPED, DELIVERED or CANCELLED')
    .option('--item <sku:quantity:unitPrice...>', 'replaces the items; repeatable')
    .option('--file <path>', 'the request body as JSON ("-" = stdin)')
    .option('--if-match <version>', 'the version the change is based on (the current one unless given)')
    .option('--key <key>', 'Idempotency-Key (a new one unless given)')
    .action(async (orderId: string, options: BodyOptions & { status?: string; ifMatch?: string }, command: Command) => {
      const body = options.file === undefined ? change(options) : await readBody(options.file);
      const orders = await clientOf(context, command);
      show(context, command, await context.protect(() => orders.update(orderId, body, options.ifMatch, options.key)));
    });

  program
    .command('get')
    .description('read an order (GET /orders/{orderId})')
    .argument('<orderId>')
    .action(async (orderId: string, _options: unknown, command: Command) => {
      show(context, command, await (await clientOf(context, command)).get(orderId));
    });
}

function newOrder(options: BodyOptions & { customer?: string; currency: string }): NewOrder {
  if (options.customer === undefined || !options.item?.length) {
    throw new UsageError('create needs --customer and at least one --item, or --file');
  }
  return { customerId: options.customer, currency: options.currency, items: options.item.map(parseItem) };
}

function change(options: BodyOptions & { status?: string }): Record<string, unknown> {
  if (options.status === undefined && !options.item?.length) {
    throw new UsageError('update needs --status, --item or --file');
  }
  return {
    ...(options.status === undefined ? {} : { status: options.status }),
    ...(options.item?.length ? { items: options.item.map(parseItem) } : {}),
  };
}

/** `sku:quantity:unitPrice`; the sku may itself hold colons. */
export function parseItem(text: string): NewOrder['items'][number] {
  const match = /^(.+):([^:]+):([^:]+)$/.exec(text);
  const [, sku, quantity, unitPrice] = match ?? [];
  if (sku === undefined || quantity === undefined || unitPrice === undefined || !/^\d+$/.test(quantity)) {
    throw new UsageError(`--item takes sku:quantity:unitPrice, e.g. sku-1:2:19.99; got ${text}`);
  }
  return { sku, quantity: Number(quantity), unitPrice };
}

async function readBody(file: string): Promise<unknown> {
  const text = await readFile(file === '-' ? '/dev/stdin' : file, 'utf8').catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`cannot read --file ${file}`, { cause, reason });
  });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`--file ${file} is not JSON`, { cause });
  }
}
