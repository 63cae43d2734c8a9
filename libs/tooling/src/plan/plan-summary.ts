import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { buildArtifacts } from '../scripts/artifacts.ts';
import { awsEnvironment } from '../scripts/aws.ts';
import { runCommand } from '../scripts/command.ts';
import { type Settings, UserError } from '../scripts/settings.ts';
import { LocalTerraform } from '../scripts/terraform.ts';
import { parsePlan, PlanFormatError } from './plan-json.ts';
import { isBroken, judge, renderVerdicts } from './policy/judge.ts';
import { acceptedLosses } from './policy/kept-data.ts';
import { render } from './summary/render.ts';
import { summarise } from './summary/summarise.ts';

/** Whose plan: the folder Terraform works in, what its process must have, where the plan is kept, and the arguments of `terraform plan`. */
interface Planned {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly file: string;
  readonly args: readonly string[];
}

/**
 * `make plan-summary`: what a plan changes, worst first, then the policy's verdict on the stack it leads to. PLAN names a
 * plan file or its JSON; else ENV names an environment on AWS, which is planned; else the local stack is planned. Plans
 * made here are kept as `.local/plans/<environment>.tfplan`, to apply what was reviewed. FORMAT is text or markdown.
 * DATA_LOSS_ACCEPTED names what the plan may destroy though it holds data.
 * Returns 1 when the policy is broken. Only the summary goes to standard output, and no value that may be a secret.
 * @throws UserError when there is no such plan, or Terraform fails
 */
export async function planSummary(settings: Settings): Promise<number> {
  const format = settings.environment['FORMAT'] || 'text';
  if (format !== 'text' && format !== 'markdown') throw new UserError(`FORMAT is text or markdown, not ${format}`);
  const plan = readPlan(await planJson(settings));
  const verdicts = judge(plan, acceptedLosses(settings.environment['DATA_LOSS_ACCEPTED']));
  console.log(`${render(summarise(plan), format)}\n\n${renderVerdicts(verdicts, format)}`);
  return verdicts.some(isBroken) ? 1 : 0;
}

function readPlan(text: string): ReturnType<typeof parsePlan> {
  try {
    return parsePlan(text);
  } catch (error) {
    throw error instanceof PlanFormatError ? new UserError(error.message, { cause: error }) : error;
  }
}

async function planJson(settings: Settings): Promise<string> {
  const named = settings.environment['PLAN'];
  if (named) {
    const file = resolve(settings.root, named);
    if (!existsSync(file)) throw new UserError(`PLAN=${named}: there is no such file`);
    const text = await readFile(file, 'utf8');
    return text.trimStart().startsWith('{') ? text : show(join(settings.root, 'terraform'), file, settings.environment);
  }
  const planned = settings.environment['ENV'] ? await onAws(settings) : await onLocalCloud(settings);
  await mkdir(join(settings.localDirectory, 'plans'), { recursive: true });
  await runCommand(
    'terraform',
    [chdir(planned.folder), 'plan', '-input=false', '-no-color', `-out=${planned.file}`, ...planned.args],
    {
      cwd: settings.root,
      environment: { ...planned.environment, TF_IN_AUTOMATION: '1', CHECKPOINT_DISABLE: '1' },
      log: join(settings.localDirectory, 'logs', 'plan-summary.log'),
    },
  );
  return show(planned.folder, planned.file, planned.environment);
}

async function onAws(settings: Settings): Promise<Planned> {
  const { name, environment, root } = await awsEnvironment(settings, 'plan-summary');
  await buildArtifacts(settings, 'functions', () => undefined);
  return {
    folder: root.folder,
    environment,
    file: planFile(settings, name),
    args: [`-var-file=environments/${name}.tfvars`],
  };
}

async function onLocalCloud(settings: Settings): Promise<Planned> {
  const { environment } = await LocalTerraform.create(settings);
  if (!existsSync(environment['TF_DATA_DIR'] ?? '')) {
    throw new UserError(
      'There is no local stack to plan: make up first, or name one on AWS (ENV=dev) or a plan (PLAN=file).',
    );
  }
  await buildArtifacts(settings, 'functions', () => undefined);
  return { folder: join(settings.root, 'terraform'), environment, file: planFile(settings, 'local'), args: [] };
}

function planFile(settings: Settings, environment: string): string {
  return join(settings.localDirectory, 'plans', `${environment}.tfplan`);
}

function chdir(folder: string): string {
  return `-chdir=${folder}`;
}

/** Not by way of a log file: a plan's JSON holds sensitive values in the clear. */
async function show(
  folder: string,
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const options = { cwd: folder, env: environment as NodeJS.ProcessEnv, maxBuffer: 2 ** 28 };
  try {
    return (await promisify(execFile)('terraform', [chdir(folder), 'show', '-json', file], options)).stdout;
  } catch (cause) {
    const told = cause instanceof Error && 'stderr' in cause ? String(cause.stderr) : String(cause);
    throw new UserError(`terraform show -json ${file} failed:\n${told}`, { cause });
  }
}
