import { join } from 'node:path';
import { checksOf, type Stage } from '../gate/stage.ts';
import { stopLocalCloud } from '../local-cloud.ts';
import { silentProgress } from '../progress.ts';
import { LocalTerraform } from '../terraform.ts';
import { bringUp } from '../up.ts';
import { changeUnderLoad } from './change-under-load.ts';
import { ownSettings } from '../own-stack.ts';

/** A stack at work, its data under AWS's own keys, gets a customer managed key (docs/reference/encryption.md). */
export function customerKeyStage(): Stage {
  return {
    name: 'customer-key',
    run: async (host) => {
      const settings = await ownSettings(host, join(host.localDirectory, 'customer-key'));
      try {
        const before = await bringUp(settings, silentProgress);
        const environment = { ...settings.environment, TF_VAR_encryption_key: 'create' };
        return checksOf(
          await changeUnderLoad(settings, before, await LocalTerraform.create({ ...settings, environment })),
        );
      } finally {
        await stopLocalCloud(settings);
      }
    },
  };
}
