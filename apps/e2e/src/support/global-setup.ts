import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '@outbox/testing';
import { makeEnvironment, root, run, target } from './target';

/**
 * Before the suite: TARGET=local (the default) brings up a local cloud of its own, with its own port, folder and
 * Terraform state, by the command a user runs. TARGET=aws takes the stack the environment's Terraform state describes.
 */
export default async function setup(): Promise<void> {
  if (target() === 'aws') return;
  const directory = join(root, '.local', 'e2e');
  mkdirSync(directory, { recursive: true });
  process.env['LOCAL_CLOUD_PORT'] = String(await freePort());
  process.env['LOCAL_CLOUD_DIRECTORY'] = directory;
  run('make', ['--no-print-directory', 'up'], process.env, 'inherit');
  makeEnvironment();
}
