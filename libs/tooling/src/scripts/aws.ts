import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buildArtifacts } from './artifacts.ts';
import { runAttached } from './command.ts';
import { changed } from './local-environment.ts';
import { cliConfiguration } from './provider-mirror.ts';
import { terminalProgress } from './progress.ts';
import { type Settings, UserError } from './settings.ts';

const commands = ['init', 'plan', 'apply', 'destroy'] as const;

/**
 * `make init|plan|apply|destroy ENV=…`: Terraform against AWS with `environments/<ENV>.tfvars`, each environment in a
 * workspace of its own so that one's state is never planned with another's variables.
 * @throws UserError when the shell points at the local cloud, or ENV names no environment
 */
export async function aws(settings: Settings, command: string | undefined): Promise<number> {
  const known = commands.find((name) => name === command);
  if (known === undefined) throw new UserError(`Commands against AWS: ${commands.join(', ')}`);
  const { name, environment } = await awsEnvironment(settings, known);
  if (known === 'plan' || known === 'apply') {
    await terminalProgress(settings.environment).step('build', (report) =>
      buildArtifacts(settings, 'functions', report),
    );
  }
  const variables = known === 'init' ? [] : [`-var-file=environments/${name}.tfvars`];
  const args = [`-chdir=${join(settings.root, 'terraform')}`, known, ...variables];
  return runAttached('terraform', args, { cwd: settings.root, environment });
}

/**
 * The environment that ENV names, and what Terraform's process must have to work on it; `command` is what the user asked for.
 * @throws UserError when the shell points at the local cloud, or ENV names no environment
 */
export async function awsEnvironment(
  settings: Settings,
  command: string,
): Promise<{ readonly name: string; readonly environment: Record<string, string> }> {
  refuseLocal(settings, command);
  const name = environmentName(settings);
  const cli = await cliConfiguration(settings);
  const environment = changed(settings.environment, {
    TF_WORKSPACE: name,
    TF_CLI_CONFIG_FILE: cli.kind === 'file' ? cli.path : undefined,
  });
  return { name, environment };
}

function refuseLocal(settings: Settings, command: string): void {
  if (!settings.environment['AWS_ENDPOINT_URL']) return;
  throw new UserError(
    `make ${command} is for AWS, and this shell talks to ${settings.environment['AWS_ENDPOINT_URL']} (AWS_ENDPOINT_URL is set). ` +
      'Use a new shell; for the local cloud use make up and make down.',
  );
}

function environmentName(settings: Settings): string {
  const name = settings.environment['ENV'] || 'dev';
  const file = join(settings.root, 'terraform', 'environments', `${name}.tfvars`);
  if (name === 'local') throw new UserError('ENV=local is the local cloud: use make up and make down.');
  if (!/^[\w-]+$/.test(name) || !existsSync(file)) {
    throw new UserError(`ENV=${name}: there is no terraform/environments/${name}.tfvars`);
  }
  return name;
}
