import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { UsageError } from './errors';
import { oneLine } from './one-line';

export type Environment = Readonly<Record<string, string | undefined>>;

const LOCAL = 'for the local cloud: make up, then eval "$(make -s env)"';
const AWS = 'for AWS: make init ENV=dev|prod';
const FILE = 'Or pass --stack FILE';
/** Paragraphs of Terraform's can be long; the first words say it. */
const SHOWN_CHARACTERS = 300;

/**
 * What `terraform output -json` prints in the repository at `root`. The environment decides which state that is: after
 * `eval "$(make -s env)"` it is the local cloud's.
 * @throws UsageError that says in a line why Terraform can't tell, and what to do
 */
export function terraformOutput(root: string, environment: Environment): Promise<string> {
  return new Promise((resolve, reject) => {
    const args = [`-chdir=${join(root, 'terraform')}`, 'output', '-json', '-no-color'];
    const child = execFile('terraform', args, { env: { ...environment } }, (error, stdout, stderr) => {
      process.off('exit', end);
      if (error) reject(explainTerraform(error, stderr, environment));
      else resolve(stdout);
    });
    // Whoever interrupts the CLI interrupts what it started.
    const end = (): void => void child.kill();
    process.on('exit', end);
  });
}

/** What to do when there is no stack where the environment points. */
export function howToDeploy(environment: Environment): string {
  return isLocal(environment)
    ? 'Deploy it: make up'
    : `Deploy it, ${LOCAL}; for AWS: make init and make apply with ENV=dev|prod. ${FILE}`;
}

/** Why Terraform could not tell the outputs, from what it printed. */
export function explainTerraform(error: Error, stderr: string, environment: Environment): UsageError {
  if ('code' in error && error.code === 'ENOENT') {
    return new UsageError('terraform is not installed, or not on PATH', {
      cause: error,
      hint: `See https://developer.hashicorp.com/terraform/install. ${FILE}`,
    });
  }
  const { summary, detail } = firstError(stderr) ?? { summary: oneLine(error.message), detail: '' };
  const reason = [summary, detail].filter((part) => part !== '').join(': ');
  if (/permission denied/i.test(reason)) {
    return new UsageError('no permission for the files of Terraform', {
      cause: error,
      reason,
      hint: `Run it as the user who deployed, or give the files back to yourself with chown. ${FILE}`,
    });
  }
  // Nobody ran `terraform init` with this data folder: in a shell without the environment of the local cloud, say.
  if (/initialization required|plugins are not installed|Module not installed|terraform init/i.test(reason)) {
    return new UsageError('there is no Terraform state to find the stack in', {
      cause: error,
      reason: summary,
      hint: isLocal(environment) ? 'Deploy it: make up' : `${LOCAL.replace('for', 'For')}; ${AWS}. ${FILE}`,
    });
  }
  const first = isLocal(environment)
    ? 'make up deploys it again'
    : 'Look at what terraform output prints in the folder terraform';
  return new UsageError('cannot read the Terraform outputs', { cause: error, reason, hint: `${first}. ${FILE}` });
}

/** `make env` gives Terraform a state file of its own; on AWS nothing names one on the command line. */
function isLocal(environment: Environment): boolean {
  return environment['TF_CLI_ARGS_output'] !== undefined;
}

/** The first error among what Terraform printed, without the box it draws around it. */
function firstError(stderr: string): { readonly summary: string; readonly detail: string } | undefined {
  const lines = stripVTControlCharacters(stderr)
    .split('\n')
    .map((line) => line.replace(/^[\s╷│╵|]+/u, '').trim());
  const start = lines.findIndex((line) => line.startsWith('Error: '));
  if (start === -1) return undefined;
  const rest = lines.slice(start + 1);
  const next = rest.findIndex((line) => /^(Error|Warning): /.test(line));
  const detail = oneLine((next === -1 ? rest : rest.slice(0, next)).join(' '));
  return {
    summary: (lines[start] ?? '').slice('Error: '.length),
    detail: detail.length > SHOWN_CHARACTERS ? `${detail.slice(0, SHOWN_CHARACTERS)} …` : detail,
  };
}
