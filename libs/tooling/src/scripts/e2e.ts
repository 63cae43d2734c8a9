import { join } from 'node:path';
import { runAttached } from './command.ts';
import { type Settings, wantedTarget } from './settings.ts';

/** `make e2e TARGET=local|aws`: the black-box suite, against a local cloud of its own or the stack deployed on AWS. */
export async function e2e(settings: Settings): Promise<number> {
  const { root, environment } = settings;
  const target = wantedTarget(settings, 'local');
  return runAttached('jest', ['-c', join(root, 'apps', 'e2e', 'jest.config.ts')], {
    cwd: root,
    environment: { ...environment, TARGET: target },
  });
}
