'use strict';
/**
 * `node preflight.cjs node java terraform`: one clear line for the first thing that is missing or too old, exit 1; then
 * installs the packages of package-lock.json if node_modules doesn't hold them, and this repository's programs beside theirs.
 */
const { existsSync } = require('fs');
const { join, resolve } = require('path');
const { installPackages } = require('./install-packages.cjs');
const { checks, engineNode, isInstalled, linkPrograms, root } = require('./requirements.cjs');
const { unwritable } = require('./unwritable.cjs');

for (const name of process.argv.slice(2)) {
  const { ok, found, advice } = checks[name]();
  if (!ok) refuse(`${name}: ${found ? `found "${found}", ` : 'not found, '}${advice}`);
}

const installed = isInstalled();
const written = ['.local', '.nx', 'dist', ...(installed ? [] : ['node_modules'])].map((name) => join(root, name));
const advice = unwritable([...written, resolve(root, process.env['LOCAL_CLOUD_DIRECTORY'] || '.local')]);
if (advice !== undefined) refuse(advice);

if (installed) finish();
else void installPackages().then(finish, ({ message, exitCode }) => refuse(message, exitCode));

function finish() {
  linkPrograms();
  if (existsSync(engineNode)) return;
  refuse(
    `node 22: npm installed none for ${process.platform}-${process.arch} (Linux and macOS, x64 and arm64, have one); ` +
      'if npm was told to omit optional packages, remove node_modules and try again without',
  );
}

function refuse(message, exitCode = 1) {
  console.error(message);
  process.exit(exitCode);
}
