#!/usr/bin/env node
// Runs the built CLI on the Node of the toolchain (the AWS SDK wants 22), building it first when it is missing.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const bundle = join(root, 'dist', 'apps', 'outboxctl', 'main.js');
const tools = join(root, 'node_modules', '.bin');

function run(command, args, stdio) {
  const result = spawnSync(join(tools, command), args, { stdio, cwd: process.cwd() });
  if (result.error) {
    console.error(`outboxctl: cannot run ${command}: ${result.error.message}. Run 'npm ci' in ${root} first.`);
    process.exit(1);
  }
  return result.status ?? 1;
}

if (!existsSync(bundle)) {
  process.stderr.write('outboxctl: building it once …\n');
  const build = spawnSync(join(tools, 'nx'), ['build', 'outboxctl'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (build.status !== 0) process.exit(build.status ?? 1);
}
process.exitCode = run('node', [bundle, ...process.argv.slice(2)], 'inherit');
