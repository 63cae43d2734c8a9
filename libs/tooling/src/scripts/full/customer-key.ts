import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checksOf, type Stage } from '../gate/stage.ts';
import { stopBackground } from '../background.ts';
import { ownVariablesFile } from '../local-environment.ts';
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
        await writeFile(ownVariablesFile(settings), 'encryption_key = "create"\n');
        return checksOf(await changeUnderLoad(settings, before, await LocalTerraform.create(settings)));
      } finally {
        await stopBackground(settings);
      }
    },
  };
}
