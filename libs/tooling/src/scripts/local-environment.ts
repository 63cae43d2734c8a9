import { join } from 'node:path';
import type { CliConfiguration } from './provider-mirror.ts';
import type { Settings } from './settings.ts';

/** Variables that make AWS tools and Terraform talk to the local cloud; undefined = must not be set. */
export type EnvironmentChange = Readonly<Record<string, string | undefined>>;

export const localAccount = '000000000000';
export const localRegion = 'us-east-1';

const withState = ['plan', 'apply', 'destroy', 'refresh', 'import', 'console'];
const stateOnly = ['output', 'taint', 'untaint', 'state_list', 'state_show', 'state_mv', 'state_rm'];

/**
 * All it takes: credentials of the local account, its endpoint, and a Terraform state and data folder of its own, so that
 * the state of a real account is never read or written. Everything the user's shell may hold that would lead elsewhere is
 * unset.
 */
export function localEnvironment(settings: Settings, cli: CliConfiguration): EnvironmentChange {
  const state = `-state=${quoted(join(settings.localDirectory, 'terraform.tfstate'))}`;
  const variables = `-var-file=${quoted(join(settings.root, 'terraform', 'environments', 'local.tfvars'))}`;
  const own = settings.environment['TF_CLI_CONFIG_FILE'];
  return {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${settings.port}`,
    AWS_ACCESS_KEY_ID: localAccount,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_REGION: localRegion,
    AWS_DEFAULT_REGION: localRegion,
    AWS_PROFILE: undefined,
    AWS_SESSION_TOKEN: undefined,
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: undefined,
    TF_DATA_DIR: join(settings.localDirectory, 'terraform'),
    TF_WORKSPACE: undefined,
    TF_CLI_ARGS: undefined,
    ...Object.fromEntries(withState.map((command) => [`TF_CLI_ARGS_${command}`, `${state} ${variables}`])),
    ...Object.fromEntries(stateOnly.map((command) => [`TF_CLI_ARGS_${command}`, state])),
    ...(cli.kind === 'file' ? { TF_CLI_CONFIG_FILE: cli.path } : own ? { TF_CLI_CONFIG_FILE: undefined } : {}),
  };
}

/** The host's environment with `change` made to it. */
export function changed(
  environment: Readonly<Record<string, string | undefined>>,
  change: EnvironmentChange,
): Record<string, string> {
  const merged = Object.entries({ ...environment, ...change });
  return Object.fromEntries(merged.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Lines for `eval` in a POSIX shell. */
export function shellLines(change: EnvironmentChange): string {
  const exports = Object.entries(change).filter(([, value]) => value !== undefined);
  const unsets = Object.entries(change).filter(([, value]) => value === undefined);
  return [
    ...exports.map(([name, value]) => `export ${name}=${quoted(value ?? '')}`),
    `unset ${unsets.map(([name]) => name).join(' ')}`,
  ].join('\n');
}

/** `text` as one word of a POSIX shell, and of Terraform's TF_CLI_ARGS, which follow the same quoting. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
