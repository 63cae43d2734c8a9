'use strict';
/** `npm ci`, by one command of this clone at a time. Plain JavaScript that runs on any Node from 12 on, with no package. */
const { spawn } = require('child_process');
const { constants } = require('os');
const { acquire, forgetGroup, lockFile, noteGroup } = require('./lock.cjs');
const { endGroup, signal } = require('./process-groups.cjs');
const { isInstalled, root } = require('./requirements.cjs');

/** How long npm may take to end when it was asked to. */
const graceMs = 10000;

/** npm ci did not do it; `exitCode` is what this process ends with. */
class InstallError extends Error {
  constructor(message, exitCode) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * Installs what package-lock.json names, unless another command has meanwhile.
 * @throws InstallError when npm fails, or a signal ended it
 */
async function installPackages() {
  const release = await acquire(lockFile(root, 'build'), { command: 'npm ci', onWait: console.error });
  try {
    if (!isInstalled()) await npmCi();
  } finally {
    release();
  }
}

async function npmCi() {
  const started = Date.now();
  console.error('npm ci: installing what package-lock.json names');
  const { code, by } = await run('npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error']);
  if (by !== undefined) throw new InstallError(`npm ci: stopped by ${by}`, 128 + constants.signals[by]);
  if (code !== 0) {
    throw new InstallError(
      'npm ci failed: see the lines above. It needs the npm registry of your npm configuration.',
      1,
    );
  }
  console.error(`npm ci: done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

/**
 * Runs a program in a process group of its own. The first SIGINT, SIGTERM or SIGHUP asks it to end, the next kills it; `by`
 * is the signal, once nobody of the group is left: an npm left running would break what the next one installs.
 */
function run(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: root,
      // Standard output belongs to the command that follows: `make env` is evaluated by a shell.
      stdio: ['ignore', 2, 2],
      detached: true,
    });
    let by;
    let ending;
    child.on('error', (cause) => reject(new InstallError(`npm can't be run: ${cause.message}`, 1)));
    child.on('close', async (code) => {
      await ending;
      forgetGroup(child.pid);
      resolve({ code, by });
    });
    if (child.pid === undefined) return;
    noteGroup(child.pid);
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(name, () => {
        if (by !== undefined) signal(-child.pid, 'SIGKILL');
        else ending = endGroup(child.pid, { graceMs });
        by = by || name;
      });
    }
  });
}

module.exports = { installPackages };
