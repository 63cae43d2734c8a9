import { join } from 'node:path';
import { runAttached } from './command.ts';
import { type Settings, UserError } from './settings.ts';

/** `make e2e TARGET=local|aws`: the black-box suite, against a local cloud of its own or the stack deployed on AWS. */
export async function e2e(settings: Settings): Promise<number> {
  const { root, environment } = settings;
  const target = environment['TARGET'] || 'local';
  if (target !== 'local' && target !== 'aws') throw new UserError(`TARGET is local or aws, not ${target}`);
  if (target === 'aws' && environment['AWS_ENDPOINT_URL']) {
    throw new UserError(
      'TARGET=aws, but AWS_ENDPOINT_URL is set: this shell talks to the local cloud. Use a new shell.',
    );
  }
  return runAttached('jest', ['-c', join(root, 'apps', 'e2e', 'jest.config.ts')], {
    cwd: root,
    environment: { ...environment, TARGET: target },
  });
}
