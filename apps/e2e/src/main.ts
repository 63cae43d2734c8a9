import { join } from 'node:path';
import { inspect } from 'node:util';
import { UsageError } from './chaos/command-line';
import { chaosCommand } from './chaos/main';
import { outageCommand } from './chaos/outage/main';
import { checkCommand } from './probes/main';

/** The bundle lies in dist/apps/e2e. */
const apps = join(__dirname, '..', '..', '..', 'apps');
const functions = join(apps, 'e2e', 'src', 'probes', 'functions');
const importSource = join(apps, 'orders-import', 'src');

/** The programs of this folder, one bundle: `main.js chaos|outage|check …`. */
const commands: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  chaos: (args) => chaosCommand(args, importSource),
  outage: (args) => outageCommand(args, importSource),
  check: (args) => checkCommand(args, functions),
};

async function main(): Promise<number> {
  const [name = '', ...args] = process.argv.slice(2);
  const command = commands[name];
  if (command === undefined) throw new UsageError(`commands: ${Object.keys(commands).join(', ')}`);
  return command(args);
}

void main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const isUsage = error instanceof UsageError || error instanceof RangeError;
    process.stderr.write(`${isUsage ? error.message : inspect(error)}\n`);
    process.exit(2);
  },
);
