import { withSuiteCloud } from './e2e.ts';
import { longStages } from './full/long-stages.ts';
import { jestStage } from './gate/jest.ts';
import { type PassedBefore, readPassedBefore } from './gate/passed-before.ts';
import { sideBySide } from './gate/side-by-side.ts';
import { buildStage, checkStage, type Stage, sumOf, type Tally } from './gate/stage.ts';
import { terraformStages } from './gate/terraform.ts';
import { policyStage } from '../plan/policy-stage.ts';
import { InterruptedError } from './interruption.ts';
import { type Settings, UserError } from './settings.ts';

/** Stages that run one after the other. Lanes run side by side. */
type Lane = readonly Stage[];
type Variables = Readonly<Record<string, string>>;

/**
 * `make test`: the whole gate. Every stage runs even when an earlier one failed, so that the totals are true; the last
 * line is exactly `N passed, N failed`. Counted are Jest tests, `terraform test` runs and, one each, the other checks.
 * A stage that passed on exactly this content before counts what it counted then. Exit code 0 only when nothing failed.
 */
export async function gate(settings: Settings): Promise<number> {
  return closeWith(await runGate(settings, { PROPERTY_SEED: propertySeed(settings) }, readPassedBefore(settings)));
}

/**
 * `make test-full`: the gate, then what takes long. ONLY names one of the long stages, to run that alone. Counted and
 * answered as the gate.
 * @throws UserError when ONLY names none
 */
export async function fullGate(settings: Settings): Promise<number> {
  const only = settings.environment['ONLY'];
  if (only === undefined || only === '') {
    return closeWith(sumOf([await runGate(settings, {}), await runLane(settings, longStages)]));
  }
  const chosen = longStages.filter(({ name }) => name === only);
  if (chosen.length === 0)
    throw new UserError(`ONLY=${only} is none of ${longStages.map(({ name }) => name).join(', ')}`);
  return closeWith(await runLane(settings, chosen));
}

/**
 * A change is judged by the same examples each time, and not by luck; `make test-full` tries others. PROPERTY_SEED names
 * another seed.
 */
function propertySeed({ environment }: Settings): string {
  return environment['PROPERTY_SEED'] ?? '1';
}

/**
 * The build first, since everything deployed comes from it, beside what looks at sources only. Then three lanes that take
 * about as long as each other: the end-to-end suites, each on a stack of its own, mostly wait in an apply; the checks beside
 * them keep the processors busy.
 */
async function runGate(settings: Settings, ofUnitTests: Variables, before?: PassedBefore): Promise<Tally> {
  const ofTerraform = await terraformStages(settings);
  const built = runLane(settings, [buildStage()]);
  const sources = runLane(settings, sourceStages, before);
  const lanes = [
    Promise.all([built, sources]).then(() =>
      runLane(settings, [...testStages(ofUnitTests), ...ofTerraform, policyStage()], before),
    ),
    built.then(() => runLane(settings, [endToEndStage('flow')], before)),
    built.then(() => runLane(settings, [endToEndStage('operate')], before)),
  ];
  return sumOf(await sideBySide([built, sources, ...lanes]));
}

/** They look at no file that the build writes. */
const sourceStages: Lane = [
  // With Prettier's own other parser, for the same output in less time.
  checkStage('format', 'prettier', ['--plugin=@prettier/plugin-oxc', '--check', '--log-level=warn', '.']),
  // One compiler for all: twenty-five of them take minutes.
  checkStage('types', 'tsc', ['-p', 'libs/tooling/tsconfig.workspace.json']),
  // It runs in a browser: its globals are others.
  checkStage('types of the console', 'tsc', ['-p', 'apps/console/tsconfig.json']),
];

function testStages(ofUnitTests: Variables): Lane {
  return [
    // Before lint: Nx writes the project graph that the boundary rule reads.
    checkStage('project graph', 'nx', ['show', 'projects']),
    checkStage('lint', 'eslint', ['--max-warnings=0', '.']),
    // Half of their time specs wait for programs they start.
    jestStage('unit', ['--maxWorkers=100%'], ofUnitTests),
  ];
}

function endToEndStage(suite: string): Stage {
  const { name, run } = jestStage(`end to end: ${suite}`, ['-c', 'apps/e2e/jest.config.ts'], { SUITE: suite });
  return { name, run: (settings) => withSuiteCloud(settings, suite, () => run(settings)) };
}

/** Runs the stages in order, each with a line when it has ended, but for those that passed before. */
async function runLane(settings: Settings, stages: Lane, before?: PassedBefore): Promise<Tally> {
  const tallies: Tally[] = [];
  for (const stage of stages) {
    const known = before?.recall(stage.name);
    if (known !== undefined) {
      console.log(
        `✓   before  ${stage.name.padEnd(24)} ${known.passed} passed; nothing changed since, FORCE=1 runs it`,
      );
      tallies.push(known);
      continue;
    }
    const started = performance.now();
    const tally = await guarded(stage, settings);
    before?.note(stage.name, tally);
    const { passed, failed, output, notRun = [] } = tally;
    const seconds = `${((performance.now() - started) / 1000).toFixed(1)} s`.padStart(8);
    if (failed > 0) console.log(output);
    console.log(`${failed > 0 ? '✗' : '✓'} ${seconds}  ${stage.name.padEnd(24)} ${passed} passed, ${failed} failed`);
    for (const line of notRun) console.log(`             ${line}`);
    tallies.push({ ...tally, failures: namesOfFailures(stage, tally) });
  }
  return sumOf(tallies);
}

/** What failed in the stage, a name each; the stage itself when it knows none. */
function namesOfFailures({ name }: Stage, { failed, failures = [] }: Tally): readonly string[] {
  return failed > 0 && failures.length === 0 ? [name] : failures.map((failure) => `${name}: ${failure}`);
}

/** Prints what failed, by name, then the last line; returns the exit code. */
function closeWith({ passed, failed, failures = [] }: Tally): number {
  for (const failure of failures) console.log(`✗ ${failure}`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

/** A stage that could not run has failed: it must neither hide nor stop the others. */
async function guarded(stage: Stage, settings: Settings): Promise<Tally> {
  try {
    return await stage.run(settings);
  } catch (error) {
    if (error instanceof InterruptedError) throw error;
    return { passed: 0, failed: 1, output: error instanceof Error ? error.message : String(error) };
  }
}
