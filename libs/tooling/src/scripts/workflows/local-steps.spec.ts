import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { localJobs } from './local-steps.ts';
import { readYaml, type Workflow } from './workflow.ts';

const workflow = (jobs: Workflow['jobs']): Workflow => ({ true: {}, env: { A: '1' }, jobs });

describe('what of a workflow is done here', () => {
  it('is each script in its order, with the variables of workflow, job and step', () => {
    const steps = [
      { uses: 'actions/checkout@1' },
      { run: 'npm ci\nmake test' },
      { name: 'show', run: 'true', env: { B: '3' }, 'working-directory': 'terraform' },
    ];
    expect(localJobs('ci.yml', workflow({ test: { env: { B: '2' }, steps } }))).toEqual([
      {
        name: 'ci.yml test',
        steps: [
          { name: 'npm ci', script: 'npm ci\nmake test', folder: '.', environment: { A: '1', B: '2' } },
          { name: 'show', script: 'true', folder: 'terraform', environment: { A: '1', B: '3' } },
        ],
      },
    ]);
  });

  it('is nothing that comes after credentials of AWS, calls GitHub, or is an action of GitHub', () => {
    const steps = [
      { uses: 'github/codeql-action/init@1' },
      { run: 'gh release create v1' },
      { run: 'make build' },
      { uses: 'aws-actions/configure-aws-credentials@1' },
      { run: 'make apply' },
    ];
    const [job] = localJobs('deploy.yml', workflow({ apply: { steps } }));
    expect(job?.steps.map(({ skipped }) => skipped)).toEqual([
      'an action of GitHub: github/codeql-action/init@1',
      "needs GitHub's API",
      undefined,
      'an action of GitHub: aws-actions/configure-aws-credentials@1',
      'needs AWS credentials',
    ]);
  });

  it('is the first of a matrix, and a pull request of one commit; other expressions mean nothing here', () => {
    const run = 'true';
    const strategy = { matrix: { version: ['5', '6'] } };
    const steps = [
      { run, env: { V: '${{ matrix.version }}' } },
      { run, env: { V: '${{ github.event.pull_request.base.sha }}' } },
      { run, env: { V: '${{ github.event.number }}' } },
    ];
    const [job] = localJobs('ci.yml', workflow({ test: { strategy, steps } }));
    expect(job?.steps.map(({ environment, skipped }) => environment['V'] ?? skipped)).toEqual([
      '5',
      'HEAD~1',
      'V is only known on GitHub: ${{ github.event.number }}',
    ]);
  });

  it("is no job that is off until a repository's variable is set", () => {
    const [job] = localJobs('plan.yml', workflow({ plan: { if: "vars.AWS_PLAN_ROLE_ARN != ''", steps: [] } }));
    expect(job?.skipped).toMatch(/AWS_PLAN_ROLE_ARN/);
  });

  it("of this repository's is every script but those that need credentials", () => {
    const folder = join(__dirname, '..', '..', '..', '..', '..', '.github', 'workflows');
    const names = readdirSync(folder).sort();
    const all = readYaml(names.map((name) => join(folder, name))) as readonly Workflow[];
    const jobs = all.flatMap((entry, index) => localJobs(names[index] ?? '', entry));
    const done = jobs.filter(({ skipped }) => skipped === undefined);
    const scripts = done.flatMap(({ steps }) => steps.flatMap(({ script }) => script ?? []));
    expect(scripts).toEqual(expect.arrayContaining(['npm ci', 'make test', 'make test-full']));
  });
});
