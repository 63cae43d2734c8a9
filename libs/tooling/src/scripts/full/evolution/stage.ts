import { join } from 'node:path';
import { stopBackground } from '../../background.ts';
import { checksOf, type Stage } from '../../gate/stage.ts';
import { orders } from '../../order-clients.ts';
import { ownSettings } from '../../own-stack.ts';
import { silentProgress } from '../../progress.ts';
import { bringUp } from '../../up.ts';
import { copyRepository } from '../copy-repository.ts';
import { changeConsumers } from './change-consumers.ts';
import { changeEvents } from './change-events.ts';
import { lateConsumers, traced } from './late-consumers.ts';

/** Orders that lie there before, unless ORDERS says otherwise. */
const oldOrders = '1000';

/**
 * In a copy of the repository, on a stack with old orders: a further version of an event and a further event, deployed
 * and taken back in all orders; then consumers that join late, one whose policy changes, and one that is removed.
 * Customers go on placing orders: none is refused, nothing is lost.
 */
export function evolutionStage(): Stage {
  return {
    name: 'evolution',
    run: async (host) => {
      const directory = join(host.localDirectory, 'evolution');
      const copy = join(directory, 'repository');
      await copyRepository(host, copy);
      const settings = await ownSettings(host, directory, copy);
      try {
        const terraform = await bringUp(settings, silentProgress);
        const count = host.environment['ORDERS'] ?? oldOrders;
        // Exit code 1: the saga came before a customer's change, which was refused. The orders are placed.
        await orders(settings, terraform.environment, ['generate', '--count', count, '--at-once', '8'], [0, 1]);
        const oldOrder = await traced(settings, terraform.environment);
        return checksOf([
          ...(await changeEvents(settings, terraform)),
          ...(await lateConsumers(settings, oldOrder)),
          ...(await changeConsumers(settings, terraform)),
        ]);
      } finally {
        await stopBackground(settings);
      }
    },
  };
}
