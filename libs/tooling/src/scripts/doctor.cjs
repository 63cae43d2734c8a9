'use strict';
/** `make doctor`: everything the repository needs, whether this machine has it and how to get it. Exit 1 if not all is there. */
const { existsSync } = require('fs');
const { awsCli, checks, engineNode, isInstalled } = require('./requirements.cjs');

const rows = Object.keys(checks).map((name) => checks[name]());
const installed = isInstalled();
rows.push({
  name: 'packages',
  ok: installed,
  found: installed ? 'node_modules matches package-lock.json' : undefined,
  advice: 'run npm ci (make up does it)',
});
rows.push({
  name: 'node 22',
  ok: existsSync(engineNode),
  found: existsSync(engineNode) ? engineNode : undefined,
  advice: 'the Node that functions run on comes with npm ci, for Linux and macOS on x64 and arm64',
});

for (const { name, ok, found, advice } of rows) {
  console.log(
    `${ok ? 'ok     ' : 'MISSING'}  ${name.padEnd(10)} ${ok ? found : `${found ? `found "${found}", ` : ''}${advice}`}`,
  );
}
// Nothing needs it, so whatever it is, nothing fails.
const { callsAws, found, text } = awsCli(process.env);
console.log(`${callsAws ? 'BEWARE ' : found ? 'ok     ' : '-      '}  ${'aws'.padEnd(10)} ${text}`);
process.exitCode = rows.every((row) => row.ok) ? 0 : 1;
