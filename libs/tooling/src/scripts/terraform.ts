import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand, type CommandOptions } from './command.ts';
import { applyProgress } from './terraform-events.ts';
import { whileLocalCloudRuns } from './local-cloud.ts';
import { changed, localEnvironment, variablesNotTaken } from './local-environment.ts';
import { cliConfiguration, type CliConfiguration } from './provider-mirror.ts';
import type { Report } from './progress.ts';
import { type Settings, UserError } from './settings.ts';
import { recordChange } from './stack-record.ts';

/** The provider creates and deletes queues by waiting: most of the time passes asleep, so much runs at once. */
const parallelism = '-parallelism=30';
/** A plan that the user makes at the same time has the state locked for some seconds. */
const lockTimeout = '-lock-timeout=60s';

/** Terraform on the stack of the local cloud, its state kept apart from every other. */
export class LocalTerraform {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cli: CliConfiguration;
  /** Asked for once: they change with the stack only. */
  #outputs: Promise<string> | undefined;
  private readonly settings: Settings;
  private readonly cloud: Settings;

  private constructor(
    settings: Settings,
    cloud: Settings,
    environment: Readonly<Record<string, string | undefined>>,
    cli: CliConfiguration,
  ) {
    this.settings = settings;
    this.cloud = cloud;
    this.environment = environment;
    this.cli = cli;
  }

  /**
   * Finds out where the provider comes from and what Terraform's environment must be. `cloud` says whose local cloud it
   * works on, where that isn't started from the clone that holds the Terraform.
   * @throws UserError when terraform/ has a backend: the local state would be looked for there
   */
  static async create(settings: Settings, cloud = settings): Promise<LocalTerraform> {
    if (existsSync(join(settings.root, 'terraform', 'backend.tf'))) {
      throw new UserError(
        "terraform/backend.tf keeps the state elsewhere, and the local cloud's state is its own. Name the bucket in terraform/environments/<ENV>.s3.tfbackend instead, and make init ENV=… does the rest.",
      );
    }
    const cli = await cliConfiguration(settings);
    const environment = changed(settings.environment, localEnvironment(settings, cli));
    return new LocalTerraform(settings, cloud, environment, cli);
  }

  /** The same with other variables in its environment, such as another caller's credentials. */
  with(environment: Readonly<Record<string, string>>): LocalTerraform {
    return new LocalTerraform(this.settings, this.cloud, { ...this.environment, ...environment }, this.cli);
  }

  /** `terraform init`; the dependency lock must hold already and is never rewritten. Tells where the provider is from, and what isn't taken. */
  async init(): Promise<string> {
    await runCommand(
      'terraform',
      this.args('init', '-input=false', '-no-color', '-lockfile=readonly'),
      this.run('init'),
    );
    const mirror = this.cli.kind === 'file' ? this.cli.mirror : undefined;
    const provider = mirror === undefined ? 'providers ready' : `provider from ${mirror}`;
    return [provider, variablesNotTaken(this.settings)].filter((text) => text !== '').join('; ');
  }

  /** `terraform apply`: returns what changed. @throws UserError with Terraform's own diagnostics */
  apply(report: Report): Promise<string> {
    return this.changeStack('apply', report);
  }

  /** `terraform destroy`: returns what was removed. @throws UserError with Terraform's own diagnostics */
  destroy(report: Report): Promise<string> {
    return this.changeStack('destroy', report);
  }

  /** `terraform plan`, kept as `file`; returns it as JSON. @throws UserError with what Terraform printed */
  async plan(file: string): Promise<string> {
    await runCommand('terraform', this.args('plan', '-input=false', '-no-color', `-out=${file}`), this.run('plan'));
    return (await runCommand('terraform', this.args('show', '-json', file), this.run('show'))).stdout;
  }

  /** One output as text. @throws UserError when the stack has no such output, or it is none of text */
  async output(name: string): Promise<string> {
    const outputs = JSON.parse(await this.outputs()) as Readonly<Record<string, { readonly value: unknown }>>;
    const value = outputs[name]?.value;
    if (typeof value !== 'string') throw new UserError(`The stack has no output ${name} of text`);
    return value;
  }

  /** All outputs as `terraform output -json` prints them. */
  async outputs(): Promise<string> {
    this.#outputs ??= runCommand('terraform', this.args('output', '-json'), this.run('output')).then(
      ({ stdout }) => stdout,
    );
    return this.#outputs;
  }

  /** The outputs, where they are known already: a start of Terraform takes longer than all else when nothing changed. */
  knowOutputs(outputs: string | undefined): void {
    this.#outputs = outputs === undefined ? undefined : Promise.resolve(outputs);
  }

  private async changeStack(command: 'apply' | 'destroy', report: Report): Promise<string> {
    this.#outputs = undefined;
    const progress = applyProgress(report);
    const args = this.args(command, '-json', '-auto-approve', '-input=false', lockTimeout, parallelism);
    const recordEnd = recordChange(this.settings, command);
    const { exitCode } = await whileLocalCloudRuns(this.cloud, (abort) =>
      runCommand('terraform', args, {
        ...this.run(command),
        accept: [0, 1],
        onLine: (line) => progress.line(line),
        abort,
      }),
    );
    recordEnd(exitCode === 0 ? 'finished' : 'failed');
    if (exitCode !== 0) throw new UserError(progress.failure() || `terraform ${command} failed`);
    return progress.summary();
  }

  private args(command: string, ...more: readonly string[]): readonly string[] {
    return [`-chdir=${join(this.settings.root, 'terraform')}`, command, ...more];
  }

  private run(step: string): CommandOptions {
    return {
      cwd: this.settings.root,
      environment: { ...this.environment, TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1' },
      log: terraformLog(this.settings, step),
    };
  }
}

/** Where all is kept that a step of Terraform on the local stack printed. */
export function terraformLog({ localDirectory }: Settings, step: string): string {
  return join(localDirectory, 'logs', `terraform-${step}.log`);
}
