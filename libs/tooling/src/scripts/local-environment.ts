import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CliConfiguration } from './provider-mirror.ts';
import type { Settings } from './settings.ts';
import { straysIn, type Variables, withoutProxyForLoopback } from './shell-variables.ts';

/** Variables that make AWS tools and Terraform talk to the local cloud; undefined = must not be set. */
export type EnvironmentChange = Variables;

export const localAccount = '000000000000';
export const localRegion = 'us-east-1';

const withState = ['plan', 'apply', 'destroy', 'refresh', 'import', 'console'];
const stateOnly = ['output', 'taint', 'untaint', 'state_list', 'state_show', 'state_mv', 'state_rm'];

/** Values of Terraform's variables for the stack of a local cloud, over those of environments/local.tfvars. */
export function ownVariablesFile(settings: Pick<Settings, 'localDirectory'>): string {
  return join(settings.localDirectory, 'own.tfvars');
}

/** Values that tell the stack of a local cloud what is at which address beside it; between those of the two other files. */
export function partnersVariablesFile(settings: Pick<Settings, 'localDirectory'>): string {
  return join(settings.localDirectory, 'partners.tfvars');
}

/**
 * What makes any AWS tool, and Terraform's provider, call the local cloud and nothing else: its endpoint and credentials,
 * no shared configuration (an endpoint, a profile or a credential process in ~/.aws leads elsewhere too), no proxy on
 * the way. Everything that `settings.environment` holds and that would lead elsewhere is unset.
 */
export function localAccess(settings: Settings, cli: CliConfiguration): EnvironmentChange {
  return {
    ...Object.fromEntries(straysIn(settings.environment).map((name) => [name, undefined])),
    AWS_ENDPOINT_URL: `http://127.0.0.1:${settings.port}`,
    AWS_ACCESS_KEY_ID: localAccount,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_REGION: localRegion,
    AWS_DEFAULT_REGION: localRegion,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    ...withoutProxyForLoopback(settings.environment),
    // A file that isn't there is the user's mistake; Terraform warns of it on every call.
    ...(cli.kind === 'file'
      ? { TF_CLI_CONFIG_FILE: cli.path }
      : settings.environment['TF_CLI_CONFIG_FILE']
        ? { TF_CLI_CONFIG_FILE: undefined }
        : {}),
  };
}

/** `localAccess`, and a Terraform state and data folder of its own: that of a real account is never read or written. */
export function localEnvironment(settings: Settings, cli: CliConfiguration): EnvironmentChange {
  const state = `-state=${quoted(join(settings.localDirectory, 'terraform.tfstate'))}`;
  const local = join(settings.root, 'terraform', 'environments', 'local.tfvars');
  const more = [partnersVariablesFile(settings), ownVariablesFile(settings)].filter((file) => existsSync(file));
  const variables = [local, ...more].map((file) => `-var-file=${quoted(file)}`).join(' ');
  return {
    ...localAccess(settings, cli),
    TF_DATA_DIR: join(settings.localDirectory, 'terraform'),
    ...Object.fromEntries(withState.map((command) => [`TF_CLI_ARGS_${command}`, `${state} ${variables}`])),
    ...Object.fromEntries(stateOnly.map((command) => [`TF_CLI_ARGS_${command}`, state])),
  };
}

/** Which values of Terraform's variables in the shell the local stack doesn't take, and where it takes them; '' when none. */
export function variablesNotTaken(settings: Settings): string {
  const names = straysIn(settings.environment).filter((name) => name.startsWith('TF_VAR_'));
  if (names.length === 0) return '';
  return `not taken from the shell: ${names.join(', ')} (values for the local stack go into ${ownVariablesFile(settings)})`;
}

/** The host's environment with `change` made to it. */
export function changed(environment: Variables, change: EnvironmentChange): Record<string, string> {
  const merged = Object.entries({ ...environment, ...change });
  return Object.fromEntries(merged.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Makes `change` to the environment of this process, for clients of the SDK that run in it. */
export function enter(change: EnvironmentChange): void {
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

/** Lines for `eval` in a POSIX shell, which comment on the names that they unset. */
export function shellLines(change: EnvironmentChange): string {
  const exports = Object.entries(change).filter(([, value]) => value !== undefined);
  // A name that is no identifier can't be a shell's variable, and a shell may end when told to unset it.
  const unsets = Object.keys(change).filter((name) => change[name] === undefined && /^\w+$/.test(name));
  return [
    ...exports.map(([name, value]) => `export ${name}=${quoted(value ?? '')}`),
    ...(unsets.length === 0
      ? []
      : [`unset ${unsets.join(' ')}`, `# Unset, as they may lead elsewhere: ${unsets.join(', ')}`]),
  ].join('\n');
}

/** `text` as one word of a POSIX shell, and of Terraform's TF_CLI_ARGS, which follow the same quoting. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
