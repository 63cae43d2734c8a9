import { longStages } from './full/long-stages.ts';
import { jestStage } from './gate/jest.ts';
import { checkStage, type Stage, type Tally } from './gate/stage.ts';
import { terraformStages } from './gate/terraform.ts';
import { policyStage } from '../plan/policy-stage.ts';
import { type Settings, UserError } from './settings.ts';

/**
 * `make test`: the whole gate. Every stage runs even when an earlier one failed, so that the totals are true; the last
 * line is exactly `N passed, N failed`. Counted are Jest tests, `terraform test` runs and, one each, the other checks.
 * Exit code 0 only when nothing failed.
 */
export async function gate(settings: Settings): Promise<number> {
  return runStages(settings, await gateStages(settings));
}

/**
 * `make test-full`: the gate, then what takes long. ONLY names one of the long stages, to run that alone. Counted and
 * answered as the gate.
 * @throws UserError when ONLY names none
 */
export async function fullGate(settings: Settings): Promise<number> {
  const only = settings.environment['ONLY'];
  if (only === undefined || only === '') {
    return runStages(settings, [...(await gateStages(settings)), ...longStages]);
  }
  const chosen = longStages.filter(({ name }) => name === only);
  if (chosen.length === 0)
    throw new UserError(`ONLY=${only} is none of ${longStages.map(({ name }) => name).join(', ')}`);
  return runStages(settings, chosen);
}

async function gateStages(settings: Settings): Promise<readonly Stage[]> {
  return [
    checkStage('format', 'prettier', ['--check', '--log-level=warn', '.']),
    // One compiler for all: twenty-five of them take minutes. These scripts are ES modules, so theirs is another.
    checkStage('types', 'tsc', ['-p', 'libs/tooling/tsconfig.workspace.json']),
    checkStage('types of tooling', 'tsc', ['-p', 'libs/tooling/tsconfig.json']),
    // Before lint: Nx writes the project graph that the boundary rule reads.
    checkStage('project graph', 'nx', ['show', 'projects']),
    checkStage('lint', 'eslint', ['--max-warnings=0', '.']),
    jestStage('unit', []),
    ...(await terraformStages(settings)),
    policyStage(),
    jestStage('end to end', ['-c', 'apps/e2e/jest.config.ts']),
  ];
}

async function runStages(settings: Settings, stages: readonly Stage[]): Promise<number> {
  const total = { passed: 0, failed: 0 };
  for (const stage of stages) {
    const started = performance.now();
    const { passed, failed, output, notRun = [] } = await guarded(stage, settings);
    const seconds = `${((performance.now() - started) / 1000).toFixed(1)} s`.padStart(8);
    if (failed > 0) console.log(output);
    console.log(`${failed > 0 ? '✗' : '✓'} ${seconds}  ${stage.name.padEnd(24)} ${passed} passed, ${failed} failed`);
    for (const line of notRun) console.log(`             ${line}`);
    total.passed += passed;
    total.failed += failed;
  }
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
}

/** A stage that could not run has failed: it must neither hide nor stop the others. */
async function guarded(stage: Stage, settings: Parameters<Stage['run']>[0]): Promise<Tally> {
  try {
    return await stage.run(settings);
  } catch (error) {
    return { passed: 0, failed: 1, output: error instanceof Error ? error.message : String(error) };
  }
}
