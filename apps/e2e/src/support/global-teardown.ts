import { rmSync } from 'node:fs';
import { endSharedProvider } from './shared-provider';
import { run, target } from './target';

/** After the suite: the local cloud goes, whatever the tests left of it; a stack on AWS stays as it was. */
export default function teardown(): void {
  const directory = process.env['LOCAL_CLOUD_DIRECTORY'];
  if (target() === 'aws' || directory === undefined) return;
  endSharedProvider();
  run('make', ['--no-print-directory', 'stop'], process.env, 'inherit');
  rmSync(directory, { recursive: true, force: true });
}
