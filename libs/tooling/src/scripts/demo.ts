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
 * `make demo`: one order placed. Its shipment is booked, which confirms it, and the customer gets two mails; then the
 * traces of order and shipment, and what was done outside. Exit code 0 only once every consumer is done.
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
  const done = (about: string) => outboxctl(settings, environment, ['trace', about, '--wait', waitSeconds]);
  // Each event is committed with what its consumer did before, so these three waits follow the order to its end.
  await progress.step('wait for shipment', async () => {
    await done(`order/${orderId}`);
    await done(`shipment/${orderId}`);
    return 'booked';
  });
  await progress.step('wait for consumers', async () => {
    await done(`order/${orderId}`);
    return 'the order is confirmed, everybody knows';
  });
  let exitCode = 0;
  for (const about of [`order/${orderId}`, `shipment/${orderId}`]) {
    console.log('');
    const program = programPath(settings, 'outboxctl');
    exitCode ||= await runAttached(program, ['trace', about, '--wait', '1'], { cwd: settings.root, environment });
  }
  await printOutside(settings, orderId);
  return exitCode;
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
