import { runAttached } from './command.ts';
import { orders } from './order-clients.ts';
import { outboxctl, programPath } from './own-stack.ts';
import { partnersOrigin } from './partners.ts';
import { outsideLines, readPartnersLog } from './partners-log.ts';
import { terminalProgress } from './progress.ts';
import { type Settings, UserError } from './settings.ts';
import { bringUp } from './up.ts';

const waitSeconds = '60';

/**
 * `make demo`: one order placed and updated, then its trace once every consumer is done, and what they had done outside.
 * Exit code 0 only then.
 */
export async function demo(settings: Settings): Promise<number> {
  const progress = terminalProgress(settings.environment);
  const { environment } = await bringUp(settings, progress);

  let orderId = '';
  await progress.step('place an order', async () => {
    const order = ['create', '--customer', 'c-1', '--item', 'sku-1:2:19.99'];
    orderId = orderIdOf((await orders(settings, environment, order)).stdout);
    return orderId;
  });
  // Every consumer sees the first version before there is a second: the trace then shows both events done everywhere.
  await progress.step('wait for consumers', async () => {
    await outboxctl(settings, environment, ['trace', `order/${orderId}`, '--wait', waitSeconds]);
    return 'OrderCreated is done everywhere';
  });
  await progress.step('confirm it', async () => {
    await orders(settings, environment, ['update', orderId, '--status', 'CONFIRMED']);
    return 'CONFIRMED';
  });
  console.log('');
  const traced = await runAttached(
    programPath(settings, 'outboxctl'),
    ['trace', `order/${orderId}`, '--wait', waitSeconds],
    {
      cwd: settings.root,
      environment,
    },
  );
  await printOutside(settings, orderId);
  return traced;
}

/** What consumers had done outside for the order: its booking and its mails. Prints nothing where there are none. */
async function printOutside(settings: Settings, orderId: string): Promise<void> {
  const origin = await partnersOrigin(settings);
  const lines = origin === undefined ? [] : outsideLines(await readPartnersLog(origin), orderId);
  if (lines.length > 0) console.log(`\n${lines.join('\n')}`);
}

function orderIdOf(answer: string): string {
  const { status, body } = JSON.parse(answer) as { status?: number; body?: { orderId?: unknown } };
  if (status !== 201 || typeof body?.orderId !== 'string') {
    throw new UserError(`POST /orders answered otherwise than 201 with an orderId:\n${answer}`);
  }
  return body.orderId;
}
