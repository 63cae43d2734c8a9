import type { Job, Step, Workflow } from './workflow.ts';

/** A job as it is done here: in a clean clone, its steps in their order. */
export interface LocalJob {
  /** `ci.yml affected` */
  readonly name: string;
  /** Why none of it is done here. */
  readonly skipped?: string;
  readonly steps: readonly LocalStep[];
}

export interface LocalStep {
  readonly name: string;
  /** Left out where the step isn't done here. */
  readonly script?: string;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Why it isn't done here. */
  readonly skipped?: string;
}

/** Actions that a machine with a clone and its tools needs not; whatever else is used is named as not done. */
const PROVIDED = /^(actions\/(checkout|setup-node|setup-java|cache)|hashicorp\/setup-terraform)@/;
const CREDENTIALS = /^aws-actions\/configure-aws-credentials@/;

/**
 * What of a workflow can be done on this machine, and why the rest can't: what needs credentials of AWS or GitHub isn't
 * tried, of a matrix the first value is. A workflow that is called counts under its own name.
 */
export function localJobs(name: string, workflow: Workflow): readonly LocalJob[] {
  return Object.entries(workflow.jobs).flatMap(([id, job]) => {
    const steps = job.steps ?? [];
    if (job.uses !== undefined) return [];
    const skipped = jobSkipped(job);
    return [
      { name: `${name} ${id}`, ...(skipped === undefined ? {} : { skipped }), steps: localSteps(steps, job, workflow) },
    ];
  });
}

function jobSkipped({ if: condition = '' }: Job): string | undefined {
  const variable = /vars\.(\w+)/.exec(condition)?.[1];
  return variable === undefined
    ? undefined
    : `off until the repository variable ${variable} is set: it needs AWS credentials`;
}

function localSteps(steps: readonly Step[], job: Job, workflow: Workflow): readonly LocalStep[] {
  let withCredentials = false;
  return steps.flatMap((step) => {
    if (step.uses !== undefined && CREDENTIALS.test(step.uses)) withCredentials = true;
    if (step.uses !== undefined && PROVIDED.test(step.uses)) return [];
    return [localStep(step, job, workflow, withCredentials)];
  });
}

function localStep(step: Step, job: Job, workflow: Workflow, withCredentials: boolean): LocalStep {
  const { run, uses, name } = step;
  const title = name ?? run?.trim().split('\n')[0] ?? uses ?? '';
  const folder = step['working-directory'] ?? '.';
  const common = { name: title, folder };
  const not = (skipped: string): LocalStep => ({ ...common, environment: {}, skipped });
  if (run === undefined) return not(`an action of GitHub: ${uses}`);
  if (withCredentials) return not('needs AWS credentials');
  if (/^\s*gh /m.test(run)) return not("needs GitHub's API");
  const environment: Record<string, string> = {};
  for (const [key, value] of Object.entries({ ...workflow.env, ...job.env, ...step.env })) {
    const known = evaluated(value, job);
    if (known === undefined) return not(`${key} is only known on GitHub: ${value}`);
    environment[key] = known;
  }
  return { ...common, script: run, environment };
}

/** A value with the expressions that mean something here; undefined if there are others. */
function evaluated(value: string, { strategy }: Job): string | undefined {
  let unknown = false;
  const text = value.replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
    // A pull request of one commit.
    if (expression === 'github.event.pull_request.base.sha') return 'HEAD~1';
    const dimension = /^matrix\.([\w-]+)$/.exec(expression)?.[1];
    const first = dimension === undefined ? undefined : strategy?.matrix[dimension]?.[0];
    if (first === undefined) unknown = true;
    return first ?? '';
  });
  return unknown ? undefined : text;
}
