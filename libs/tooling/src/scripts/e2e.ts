import { join } from 'node:path';
import { runAttached } from './command.ts';
import { type Settings, wantedTarget } from './settings.ts';
import { forgetStack } from './start-anew.ts';

/** `make e2e TARGET=local|aws`: the black-box suite, against a local cloud of its own or the stack deployed on AWS. */
export async function e2e(settings: Settings): Promise<number> {
  const { root, environment } = settings;
  const target = wantedTarget(settings, 'local');
  return withSuiteCloud(settings, environment['SUITE'], () =>
    runAttached('jest', ['-c', join(root, 'apps', 'e2e', 'jest.config.ts')], {
      cwd: root,
      environment: { ...environment, TARGET: target },
    }),
  );
}

/**
 * Runs the black-box suite, and makes sure that its local cloud (`.local/e2e`, `.local/e2e-SUITE`) is gone before and
 * after: a suite that was ended could not do it.
 */
export async function withSuiteCloud<T>(
  settings: Settings,
  suite: string | undefined,
  run: () => Promise<T>,
): Promise<T> {
  const own = { ...settings, localDirectory: join(settings.root, '.local', suite ? `e2e-${suite}` : 'e2e') };
  await forgetStack(own);
  try {
    return await run();
  } finally {
    await forgetStack(own);
  }
}
