import { spawnSync, type StdioOptions } from 'node:child_process';
import { join } from 'node:path';

export const root = join(__dirname, '..', '..', '..', '..');

/** Where the suite runs: against a local cloud it starts itself, or a stack that is deployed on AWS. */
export function target(): 'local' | 'aws' {
  const value = process.env['TARGET'] ?? 'local';
  if (value !== 'local' && value !== 'aws') throw new Error(`TARGET is local or aws, not ${value}`);
  return value;
}

export interface Finished {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command in the repository's root; throws with its output unless it exits with one of `expected`. */
export function run(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  stdio: StdioOptions = 'pipe',
  expected: readonly number[] = [0],
): Finished {
  const result = spawnSync(command, [...args], { cwd: root, env, stdio, encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (result.error) throw result.error;
  const finished = { status: result.status ?? -1, stdout: result.stdout ?? '', stderr: result.stderr ?? '' };
  if (!expected.includes(finished.status)) {
    throw new Error(`${command} ${args.join(' ')} exited ${finished.status}\n${finished.stdout}\n${finished.stderr}`);
  }
  return finished;
}

/** Puts what `make env` prints into this process, so that SDK, Terraform and outboxctl talk to the local cloud. */
export function makeEnvironment(): void {
  // eval of nothing succeeds: a make that failed would leave the shell's own account in place.
  const { stdout } = run('bash', ['-c', 'lines=$(make -s env) && eval "$lines" && env -0']);
  const names = /^(AWS_|TF_|NO_PROXY$|no_proxy$)/;
  for (const name of Object.keys(process.env)) if (names.test(name)) delete process.env[name];
  for (const entry of stdout.split('\0')) {
    const [name, ...value] = entry.split('=');
    if (name && names.test(name)) process.env[name] = value.join('=');
  }
}
