import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildArtifacts } from './artifacts.ts';
import { type AwsRoot, awsRoot } from './aws-root.ts';
import { runAttached } from './command.ts';
import { changed } from './local-environment.ts';
import { cliConfiguration } from './provider-mirror.ts';
import { terminalProgress } from './progress.ts';
import { type Settings, UserError } from './settings.ts';

const commands = ['init', 'plan', 'apply', 'destroy'] as const;

/**
 * `make init|plan|apply|destroy ENV=…`: Terraform against AWS with `environments/<ENV>.tfvars`, each environment with a
 * state of its own (see `awsRoot`), so that one's is never planned with another's variables. `apply` with PLAN applies
 * that plan as it was made: nothing is built or asked.
 * @throws UserError when the shell points at the local cloud, ENV names no environment, or there is no such plan
 */
export async function aws(settings: Settings, command: string | undefined): Promise<number> {
  const known = commands.find((name) => name === command);
  if (known === undefined) throw new UserError(`Commands against AWS: ${commands.join(', ')}`);
  const { name, environment, root } = await awsEnvironment(settings, known);
  const terraform = (args: readonly string[]): Promise<number> =>
    runAttached('terraform', [`-chdir=${root.folder}`, known, ...args], { cwd: settings.root, environment });
  const plan = settings.environment['PLAN'];
  if (known === 'apply' && plan) {
    const file = resolve(settings.root, plan);
    if (!existsSync(file)) throw new UserError(`PLAN=${plan}: there is no such file`);
    return terraform(['-input=false', file]);
  }
  if (known === 'init') return terraform(root.initArgs);
  if (known === 'plan' || known === 'apply') {
    await terminalProgress(settings.environment).step('build', (report) =>
      buildArtifacts(settings, 'functions', report),
    );
  }
  return terraform([`-var-file=environments/${name}.tfvars`]);
}

/**
 * The environment that ENV names, and what Terraform's process must have to work on it; `command` is what the user asked for.
 * @throws UserError when the shell points at the local cloud, or ENV names no environment
 */
export async function awsEnvironment(
  settings: Settings,
  command: string,
): Promise<{ readonly name: string; readonly environment: Record<string, string>; readonly root: AwsRoot }> {
  refuseLocal(settings, command);
  const name = environmentName(settings);
  const cli = await cliConfiguration(settings);
  const root = await awsRoot(settings, name);
  const environment = changed(settings.environment, {
    TF_WORKSPACE: root.workspace,
    TF_CLI_CONFIG_FILE: cli.kind === 'file' ? cli.path : undefined,
  });
  return { name, environment, root };
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
