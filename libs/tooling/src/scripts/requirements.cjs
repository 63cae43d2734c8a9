'use strict';
/**
 * What a machine must have before anything of this repository can run. Plain JavaScript that runs on any Node from 12
 * on, with no package: it is what tells the user which Node to get.
 */
const { spawnSync } = require('child_process');
const { readFileSync, symlinkSync } = require('fs');
const { join } = require('path');

const root = join(__dirname, '..', '..', '..', '..');
/** The Node that functions, engine and scripts run on: an optional package per platform. */
const engineNode = join(root, 'node_modules', '.bin', 'node');
const minimum = { node: [20, 19], java: [17], terraform: [1, 11], npm: [10] };

/** Numbers of the first version in `text`: "Terraform v1.11.4" → [1, 11, 4]; undefined when there is none. */
function versionIn(text) {
  const match = /(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(text);
  return match
    ? match
        .slice(1)
        .filter((part) => part !== undefined)
        .map(Number)
    : undefined;
}

/** Whether version `actual` is `wanted` or later, part by part. */
function isAtLeast(actual, wanted) {
  for (let index = 0; index < wanted.length; index += 1) {
    const part = actual[index] || 0;
    if (part !== wanted[index]) return part > wanted[index];
  }
  return true;
}

/**
 * First line with a version that `command` prints (stdout or stderr), or undefined when it can't be run. A Java that finds
 * JAVA_TOOL_OPTIONS or its like tells so first, and options may hold numbers: that is no version.
 */
function versionLineOf(command, argument) {
  const result = spawnSync(command, [argument], { encoding: 'utf8', shell: process.platform === 'win32' });
  if (result.error || result.status !== 0) return undefined;
  return `${result.stdout}\n${result.stderr}`
    .split('\n')
    .find((line) => versionIn(line) !== undefined && !line.startsWith('Picked up '));
}

/** What the host offers: {name, found, ok, advice}; `found` is the version as text, or undefined. */
function check(name, found, advice) {
  const version = found === undefined ? undefined : versionIn(found);
  return { name, found: found && found.trim(), ok: Boolean(version && isAtLeast(version, minimum[name])), advice };
}

const checks = {
  node: () =>
    check(
      'node',
      process.version,
      `needs Node ${minimum.node.join('.')} or later: install the LTS from https://nodejs.org/en/download`,
    ),
  npm: () => check('npm', versionLineOf('npm', '--version'), 'needs npm 10 or later: it comes with Node'),
  java: () =>
    check(
      'java',
      versionLineOf('java', '-version'),
      'needs Java 17 or later (for DynamoDB Local): apt-get install openjdk-17-jre-headless, brew install openjdk@17, or https://adoptium.net',
    ),
  terraform: () =>
    check(
      'terraform',
      versionLineOf('terraform', 'version'),
      'needs Terraform 1.11 or later: https://developer.hashicorp.com/terraform/install',
    ),
};

/**
 * Whether node_modules is what package-lock.json says: npm writes its own record of the installed tree last, so a
 * missing or interrupted installation, and one older than the lock, all show as a difference.
 */
function isInstalled() {
  const installed = installedPackages();
  if (installed === undefined) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.keys(wanted)
    .filter((path) => path !== '')
    .every((path) => {
      const entry = installed[path];
      return entry === undefined ? Boolean(wanted[path].optional) : entry.version === wanted[path].version;
    });
}

/** What npm's record says; undefined when there is none, or a crash left it unfinished. */
function installedPackages() {
  try {
    return JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/**
 * The AWS CLI, which nothing here needs: {callsAws, found, text}. `callsAws` when it does so even after `make env`:
 * versions before 2.13.0 and 1.29.0 don't know AWS_ENDPOINT_URL, and version 1 passes over it for the services of which
 * it keeps an older address. Sources: https://github.com/aws/aws-cli/issues/4727#issuecomment-1766743116 and
 * awscli/customizations/overridesslcommonname.py of 1.45.
 */
function awsCli(environment) {
  // It may be a script that starts another Python; a broken one mustn't keep `make env` waiting.
  const options = { encoding: 'utf8', shell: process.platform === 'win32', env: environment, timeout: 10000 };
  const result = spawnSync('aws', ['--version'], options);
  if (result.error && result.error.code === 'ENOENT') {
    return { callsAws: false, found: false, text: 'optional, not found: https://aws.amazon.com/cli' };
  }
  const version = /^aws-cli\/\S+/m.exec(`${result.stdout}\n${result.stderr}`);
  if (!version) {
    const said = `${result.stderr || ''}`.trim().split('\n')[0] || 'it printed no version';
    return { callsAws: false, found: false, text: `optional, found but it fails to run: ${said}` };
  }
  const numbers = versionIn(version[0]);
  if (!isAtLeast(numbers, numbers[0] === 1 ? [1, 29] : [2, 13])) {
    const text = `${version[0]} is too old: it ignores AWS_ENDPOINT_URL and calls AWS; use --endpoint-url "$AWS_ENDPOINT_URL", or get 2.13 or later from https://aws.amazon.com/cli`;
    return { callsAws: true, found: true, text };
  }
  if (numbers[0] === 1) {
    const text = `${version[0]} ignores AWS_ENDPOINT_URL for SQS and calls AWS there; use --endpoint-url "$AWS_ENDPOINT_URL", or get version 2 from https://aws.amazon.com/cli`;
    return { callsAws: true, found: true, text };
  }
  return { callsAws: false, found: true, text: version[0] };
}

/**
 * Puts this repository's programs beside those of the packages, which npm does for dependencies but not for the root's own `bin`.
 * npx looks there first in a folder that has a package.json of its own (elsewhere in the clone it asks the root's), and
 * last where the link it once made itself no longer leads anywhere.
 */
function linkPrograms(folder = join(root, 'node_modules', '.bin')) {
  for (const [name, path] of programs()) {
    try {
      symlinkSync(join('..', '..', path), join(folder, name));
    } catch (error) {
      // There already; or the folder can't be written, and then only npx has to look further.
      if (!['EEXIST', 'EACCES', 'EROFS', 'EPERM'].includes(error.code)) throw error;
    }
  }
}

/** The programs of this repository as its package.json names them: [name, path from the root]. */
function programs() {
  return Object.entries(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).bin);
}

module.exports = { awsCli, checks, engineNode, isAtLeast, isInstalled, linkPrograms, programs, root, versionIn };
