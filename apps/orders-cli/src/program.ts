import type { ProgramDefinition } from '@outbox/cli-kit';
import { Option } from 'commander';
import { addGenerateCommand } from './commands/generate';
import { addListCommand } from './commands/list';
import { addOrderCommands } from './commands/orders';
import type { OwnContext } from './context';

const EXAMPLES = `  orders create --customer c-1 --item sku-1:2:19.99    places an order
  orders update ORDER_ID --status CONFIRMED            changes it
  orders get ORDER_ID                                  shows it
  orders list c-1 --limit 5                            the customer's newest five
  orders generate --count 500 --per-second 20          puts a load on the stack

Who asks: --token or OUTBOX_TOKEN where the API wants a token, your AWS credentials where it wants signatures.`;

const VERB_EXAMPLES = {
  create: [
    'orders create --customer c-1 --item sku-1:2:19.99',
    'orders create --customer c-1 --item sku-1:2:19.99 --key 0001',
  ],
  update: ['orders update ORDER_ID --status CONFIRMED', 'orders update ORDER_ID --status CANCELLED --if-match 2'],
  get: ['orders get ORDER_ID', 'orders --json get ORDER_ID'],
  list: ['orders list c-1', 'orders list c-1 --limit 5'],
  generate: ['orders generate --count 500 --per-second 20', 'orders generate --count 10000 --at-once 20'],
};

/** The example's own command line: its HTTP API as a customer's program uses it. */
export const ORDERS: ProgramDefinition<OwnContext> = {
  name: 'orders',
  description: 'place, change and read orders through the HTTP API of the example: on AWS and on the local cloud',
  options: [new Option('--token <token>', 'access token, where the API wants one').env('OUTBOX_TOKEN')],
  examples: EXAMPLES,
  verbExamples: VERB_EXAMPLES,
  commands: [addOrderCommands, addListCommand, addGenerateCommand],
};
