import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { runCommand } from '../command.ts';
import { stageEnvironment } from '../gate/stage.ts';
import { cliConfiguration } from '../provider-mirror.ts';
import { type Settings, UserError } from '../settings.ts';
import { type LocalJob, localJobs, type LocalStep } from './local-steps.ts';
import { readYaml, type Workflow } from './workflow.ts';

const anyExitCode = Array.from({ length: 256 }, (_, code) => code);

/**
 * `make workflows`: the steps of `.github/workflows` in their order, each job in a clean clone of HEAD
 * (`.local/workflows`), as a runner does them. WORKFLOW picks jobs whose names contain it ("ci.yml affected"). What needs
 * credentials isn't done, with the reason. Returns 1 when a step fails: the rest of its job isn't done then.
 * @throws UserError when WORKFLOW picks nothing
 */
export async function workflows(settings: Settings): Promise<number> {
  const folder = join(settings.root, '.github', 'workflows');
  const names = (await readdir(folder)).sort();
  const all = readYaml(names.map((name) => join(folder, name))) as readonly Workflow[];
  const wanted = settings.environment['WORKFLOW'] ?? '';
  const jobs = all.flatMap((workflow, index) => localJobs(names[index] ?? '', workflow));
  const chosen = jobs.filter(({ name }) => name.includes(wanted));
  if (chosen.length === 0) {
    throw new UserError(`WORKFLOW=${wanted} picks none of ${jobs.map(({ name }) => name).join(', ')}`);
  }
  let failed = 0;
  for (const job of chosen) failed += (await runJob(settings, job)) ? 0 : 1;
  console.log(failed === 0 ? 'Every step that can be done here passed.' : `${failed} of ${chosen.length} jobs failed.`);
  return failed === 0 ? 0 : 1;
}

/** Whether every step of the job passed, or was not to be done. */
async function runJob(settings: Settings, job: LocalJob): Promise<boolean> {
  console.log(job.name);
  if (job.skipped !== undefined) {
    console.log(`  – not done here: ${job.skipped}`);
    return true;
  }
  const workspace = join(settings.localDirectory, 'workflows', job.name.replaceAll(/[^\w-]+/g, '-'));
  await rm(workspace, { recursive: true, force: true });
  await mkdir(workspace, { recursive: true });
  const clone = join(workspace, 'clone');
  if (job.steps.some(({ script }) => script !== undefined)) {
    await runCommand('git', ['clone', '--quiet', '--no-hardlinks', settings.root, clone], {
      cwd: workspace,
      environment: stageEnvironment(settings),
      log: join(workspace, 'clone.log'),
    });
  }
  for (const [index, step] of job.steps.entries()) {
    if (!(await runStep(settings, step, join(workspace, `step-${index + 1}`), clone))) return false;
  }
  return true;
}

async function runStep(settings: Settings, step: LocalStep, file: string, clone: string): Promise<boolean> {
  const { script, name, skipped } = step;
  if (script === undefined) {
    console.log(`  – ${name}: not done here, ${skipped}`);
    return true;
  }
  await writeFile(`${file}.sh`, script);
  await writeFile(`${file}.output`, '');
  const started = performance.now();
  const here = join(settings.root, 'node_modules', '.bin');
  const terraform = await cliConfiguration(settings);
  const path = (settings.environment['PATH'] ?? '').split(delimiter).filter((entry) => entry !== here);
  const { exitCode, output } = await runCommand('bash', ['--noprofile', '--norc', '-eo', 'pipefail', `${file}.sh`], {
    cwd: join(clone, step.folder),
    environment: {
      ...stageEnvironment(settings),
      // A runner of GitHub has Terraform's registry; this machine may have a mirror instead.
      TF_CLI_CONFIG_FILE: terraform.kind === 'file' ? terraform.path : undefined,
      PATH: path.join(delimiter),
      CI: 'true',
      RUNNER_OS: 'Linux',
      GITHUB_OUTPUT: `${file}.output`,
      GITHUB_STEP_SUMMARY: `${file}.output`,
      ...step.environment,
    },
    log: `${file}.log`,
    accept: anyExitCode,
  });
  const seconds = `${((performance.now() - started) / 1000).toFixed(0)} s`;
  console.log(`  ${exitCode === 0 ? '✓' : '✗'} ${name} (${seconds})`);
  if (exitCode !== 0)
    console.log(`${output.split('\n').slice(-20).join('\n')}\nexit ${exitCode}, all of it: ${file}.log`);
  return exitCode === 0;
}
