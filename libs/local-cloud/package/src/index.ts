import { fileURLToPath } from 'node:url';
import { startProgram, type StartedLocalCloud, type StartOptions } from '@outbox/local-cloud-client';

export type { StartedLocalCloud, StartOptions };

/**
 * Starts a local cloud; resolves when it answers AWS calls. Unless told otherwise it takes a free port and keeps nothing.
 * It ends with this process, however that ends.
 * @throws LocalCloudError with what it printed when it doesn't start
 */
export function startLocalCloud(options: StartOptions = {}): Promise<StartedLocalCloud> {
  return startProgram(fileURLToPath(new URL('../bin/local-cloud.cjs', import.meta.url)), options);
}
