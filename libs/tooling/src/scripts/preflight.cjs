'use strict';
/**
 * `node preflight.cjs node java terraform`: one clear line for the first thing that is missing or too old, exit 1; then
 * installs the packages of package-lock.json if node_modules doesn't hold them, and outboxctl beside their programs.
 */
const { spawnSync } = require('child_process');
const { existsSync } = require('fs');
const { checks, engineNode, isInstalled, linkOutboxctl, root } = require('./requirements.cjs');

for (const name of process.argv.slice(2)) {
  const { ok, found, advice } = checks[name]();
  if (!ok) {
    console.error(`${name}: ${found ? `found "${found}", ` : 'not found, '}${advice}`);
    process.exit(1);
  }
}

if (!isInstalled()) {
  const started = Date.now();
  console.error('npm ci: installing what package-lock.json names');
  const { status } = spawnSync('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error'], {
    cwd: root,
    // Standard output belongs to the command that follows: `make env` is evaluated by a shell.
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    console.error('npm ci failed: see the lines above. It needs the npm registry of your npm configuration.');
    process.exit(1);
  }
  console.error(`npm ci: done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

if (!existsSync(engineNode)) {
  console.error(
    `node 22: npm installed none for ${process.platform}-${process.arch} (Linux and macOS, x64 and arm64, have one); ` +
      'if npm was told to omit optional packages, remove node_modules and try again without',
  );
  process.exit(1);
}

linkOutboxctl();
