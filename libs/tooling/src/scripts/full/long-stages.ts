import { chaos } from '../chaos.ts';
import type { Stage } from '../gate/stage.ts';
import { adoptersStackStage } from './adopters-stack/stage.ts';
import { customerKeyStage } from './customer-key.ts';
import { deployRoleStage } from './deploy-role/stage.ts';
import { evolutionStage } from './evolution/stage.ts';
import { interruptedStage } from './interrupted.ts';
import { lifecyclesStage } from './lifecycles/stage.ts';
import { localCloudPackageStage } from './local-cloud-package.ts';
import { mutationsStage } from './mutations.ts';
import { newConsumerStage } from './new-consumer.ts';
import { packageStage } from './package.ts';
import { runbooksStage } from './runbooks.ts';
import { upgradeStage } from './upgrade.ts';

/** Seeds that chaos runs with, one after the other, and how many orders each time. */
const seeds = ['11', '12', '13'];
const orders = '1000';
/** What the choices of the outages come from. */
const outageSeed = '21';

/** What only `make test-full` does, in order. */
export const longStages: readonly Stage[] = [
  mutationsStage(),
  packageStage(),
  localCloudPackageStage(),
  adoptersStackStage(),
  upgradeStage(),
  customerKeyStage(),
  newConsumerStage(),
  evolutionStage(),
  interruptedStage(),
  lifecyclesStage(),
  deployRoleStage(),
  runbooksStage(),
  {
    name: 'chaos',
    run: async (settings) => {
      const failed: string[] = [];
      for (const seed of seeds) {
        const environment = { ...settings.environment, SCENARIO: 'faults', SEED: seed, ORDERS: orders };
        if ((await chaos({ ...settings, environment })) !== 0) failed.push(seed);
      }
      const output = `chaos found something with SEED=${failed.join(' and SEED=')} ORDERS=${orders}: see above`;
      return { passed: seeds.length - failed.length, failed: failed.length, output };
    },
  },
  {
    name: 'outage',
    run: async (settings) => {
      const environment = { ...settings.environment, SCENARIO: 'outage', SEED: outageSeed };
      const failed = (await chaos({ ...settings, environment })) === 0 ? 0 : 1;
      const output = `an outage did harm with SCENARIO=outage SEED=${outageSeed}: see above`;
      return { passed: 1 - failed, failed, output };
    },
  },
];
