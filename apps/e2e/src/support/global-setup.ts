import { randomInt } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { advice, chromium } from './browsers.cjs';
import { ALARM_EMAIL, confirmAlarmEmail } from './mailbox';
import { shareProvider } from './shared-provider';
import { readStack } from './stack';
import { makeEnvironment, root, run, target } from './target';

/**
 * Before the suite: TARGET=local (the default) brings up a local cloud of its own, with its own ports, folder,
 * Terraform state and partners, by the command a user runs. TARGET=aws takes the stack the environment's Terraform state
 * describes.
 */
export default async function setup(): Promise<void> {
  if (target() === 'aws') {
    const { type } = readStack().api_authorization;
    if (type === 'JWT' && !process.env['OUTBOX_TOKEN']) {
      throw new Error('The API of this stack wants access tokens: set OUTBOX_TOKEN to one that may read and write.');
    }
    return;
  }
  // The gate repeats such a line: what was not run must not look like what passed.
  if (chromium() === undefined) process.stderr.write(`not run: the console in a browser (${advice})\n`);
  const directory = join(root, '.local', `e2e${process.env['SUITE'] ? `-${process.env['SUITE']}` : ''}`);
  mkdirSync(directory, { recursive: true });
  // Below what operating systems hand out for outgoing connections; should it be taken, `make up` says so.
  const port = randomInt(20_000, 32_000);
  process.env['LOCAL_CLOUD_PORT'] = String(port);
  // Also where the shell names another: two suites may run at the same time.
  process.env['PARTNERS_PORT'] = String(port + 1);
  process.env['CONSOLE_PORT'] = String(port + 2);
  process.env['LOCAL_CLOUD_DIRECTORY'] = directory;
  // Under a key of its own the stack needs every permission it needs without one, and those on the key.
  writeFileSync(join(directory, 'own.tfvars'), `encryption_key = "create"\nalarm_email = "${ALARM_EMAIL}"\n`);
  run('make', ['--no-print-directory', 'up'], process.env, 'inherit');
  makeEnvironment();
  await shareProvider();
  // Now: specs move the clock by days, and AWS forgets who hasn't confirmed after two.
  await confirmAlarmEmail();
}
