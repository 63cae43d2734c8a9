import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Job, readYaml, type Workflow } from '../scripts/workflows/workflow.ts';

type JobWithSteps = Omit<Job, 'steps'> & Required<Pick<Job, 'steps'>>;

const root = join(__dirname, '..', '..', '..', '..');
const folder = join(root, '.github', 'workflows');
const names = readdirSync(folder).sort();

describe('the workflows', () => {
  const files = [...names.map((name) => join(folder, name)), join(root, '.github', 'dependabot.yml')];
  const [dependabot, ...reversed] = [...readYaml(files)].reverse() as [Record<string, unknown>, ...Workflow[]];
  const workflows = reversed.reverse();
  const workflow = (name: string): Workflow => workflows[names.indexOf(name)] as Workflow;
  const jobs = workflows.flatMap((entry, index) =>
    Object.entries(entry.jobs).flatMap(([name, { steps, ...job }]) =>
      steps ? [{ name: `${names[index]} ${name}`, entry, job: { ...job, steps } satisfies JobWithSteps }] : [],
    ),
  );
  const scripts = jobs.flatMap(({ job }) => job.steps.flatMap(({ run }) => run ?? []));

  it('are those of a change, of its plan, of the gate, of the deployment, of code scanning, of the night and of a release', () => {
    expect(names).toEqual(['ci.yml', 'codeql.yml', 'deploy.yml', 'gate.yml', 'nightly.yml', 'plan.yml', 'release.yml']);
    expect(dependabot['version']).toBe(2);
  });

  it('pass the whole gate before a change is merged, and before a commit is deployed', () => {
    const gate = './.github/workflows/gate.yml';
    expect(Object.keys(workflow('ci.yml').true)).toEqual(['merge_group', 'pull_request']);
    expect(workflow('ci.yml').jobs['gate']).toEqual({ uses: gate });
    expect(workflow('gate.yml').jobs['test']?.steps?.map(({ run }) => run)).toContain('make test');
    const { gate: tested, plan, apply } = workflow('deploy.yml').jobs;
    expect([tested?.uses, plan?.needs, apply?.needs]).toEqual([gate, 'gate', 'plan']);
    const { gate: passed, release } = workflow('release.yml').jobs;
    expect([passed?.uses, release?.needs]).toEqual([gate, 'gate']);
  });

  it('fetch the whole history for the night, whose upgrade starts from an older commit', () => {
    const [checkout] = workflow('nightly.yml').jobs['full']?.steps ?? [];
    expect(checkout?.with).toMatchObject({ 'fetch-depth': 0 });
  });

  it('use actions by commit, with the version beside it', () => {
    const lines = names.flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'));
    const uses = lines.filter((line) => /\buses: (?!\.\/)/.test(line));

    expect(uses.length).toBeGreaterThan(10);
    expect(uses.filter((line) => !/uses: [\w.-]+(\/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
    expect(
      new Set(
        uses.map((line) =>
          line
            .trim()
            .replace(/^- /, '')
            .replace(/^uses: /, ''),
        ),
      ).size,
    ).toBe(new Set(uses.map((line) => /uses: ([^@]+)@/.exec(line)?.[1])).size);
  });

  it('may write only where they must', () => {
    const writing = jobs.flatMap(({ name, entry, job }) =>
      Object.entries(job.permissions ?? entry.permissions ?? { all: 'write' })
        .filter(([, level]) => level === 'write')
        .map(([scope]) => `${name}: ${scope}`),
    );

    expect(writing.sort()).toEqual([
      'codeql.yml analyze: security-events',
      'deploy.yml apply: id-token',
      'deploy.yml plan: id-token',
      'plan.yml plan: id-token',
      'plan.yml plan: pull-requests',
      'release.yml release: contents',
    ]);
  });

  it("never run a stranger's code with credentials, nor put an expression into a script", () => {
    const triggers = workflows.flatMap((entry) => Object.keys(entry.true));

    expect(triggers).toContain('pull_request');
    expect(triggers).not.toContain('pull_request_target');
    expect(scripts.filter((script) => script.includes('${{'))).toEqual([]);
  });

  it('end, and leave no token in the clone', () => {
    for (const { job } of jobs) {
      expect(job['timeout-minutes']).toBeGreaterThan(0);
      const checkouts = job.steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
      expect(checkouts.map((step) => step.with?.['persist-credentials'])).toEqual([false]);
    }
  });

  // A runner's disk goes with the run: without a backend the first deployment would lose its state.
  it('touch no stack whose state would stay on the runner', () => {
    const initialising = jobs.flatMap(({ job }) =>
      job.steps.flatMap(({ run }) => (run?.includes('make init') ? [run] : [])),
    );

    expect(initialising).toHaveLength(3);
    for (const script of initialising) {
      const folder = mkdtempSync(join(tmpdir(), 'state-'));
      try {
        writeFileSync(join(folder, 'Makefile'), 'init:\n\t@echo initialised\n');
        const runs = (): string =>
          spawnSync('bash', ['-e', '-c', script], {
            cwd: folder,
            env: { ...process.env, ENV: 'prod' },
            encoding: 'utf8',
          }).stdout;
        expect(runs()).toMatch(/^::error::.*prod\.s3\.tfbackend/);
        expect(runs()).not.toContain('initialised');
        mkdirSync(join(folder, 'terraform', 'environments'), { recursive: true });
        writeFileSync(join(folder, 'terraform', 'environments', 'prod.s3.tfbackend'), '');
        expect(runs()).toBe('initialised\n');
      } finally {
        rmSync(folder, { recursive: true });
      }
    }
  });

  it('show what a plan changes also when it breaks the policy, which fails the step that makes it', () => {
    const showing = scripts.filter((script) => script.includes('GITHUB_STEP_SUMMARY'));

    expect(showing).toHaveLength(2);
    expect(showing.filter((script) => script.includes('plan-summary FORMAT'))).toEqual([]);
  });

  it('apply only behind an environment, without a stored key', () => {
    const applying = jobs.filter(({ job }) => job.steps.some(({ run }) => /^make apply PLAN=/m.test(run ?? '')));

    expect(applying.map(({ name }) => name)).toEqual(['deploy.yml apply']);
    expect(applying[0]?.job.environment).toBeTruthy();
    expect(names.map((name) => readFileSync(join(folder, name), 'utf8')).join()).not.toMatch(/secrets\.|access-key/);
  });

  // Left alone, Nx caches below the home directory; its index is a database beside the cache, named after the machine.
  it("keep Nx's cache with its index, and make the index this runner's", () => {
    const cached = jobs.flatMap(({ job }) =>
      job.steps
        .filter(({ uses }) => uses?.startsWith('actions/cache@'))
        .map((step) => ({ job, path: step.with?.['path'] })),
    );

    expect(cached.map(({ path }) => path)).toEqual(['.nx']);
    expect(cached[0]?.job.env).toEqual({
      NX_CACHE_DIRECTORY: '.nx/cache',
      NX_WORKSPACE_DATA_DIRECTORY: '.nx/workspace-data',
    });
    expect(cached[0]?.job.steps.map(({ run }) => run)).toContainEqual(expect.stringContaining('machine-id'));
  });

  it('call make targets and Nx targets that exist', () => {
    const makefile = readFileSync(join(root, 'Makefile'), 'utf8');
    const targets = scripts.flatMap((script) =>
      [...script.matchAll(/^\s*make (?:-s )?([\w-]+)/gm)].map(([, name]) => name),
    );

    expect(new Set(targets)).toEqual(new Set(['apply', 'init', 'plan-summary', 'release-files', 'test', 'test-full']));
    for (const target of targets) expect(makefile).toMatch(new RegExp(`^[a-z0-9 -]*\\b${target}\\b[a-z0-9 -]*:`, 'm'));
    expect(workflow('ci.yml').jobs['affected']?.steps?.map(({ run }) => run)).toContainEqual(
      expect.stringMatching(/^npx nx affected -t lint typecheck test package /),
    );
    expect(existsSync(join(root, 'package-lock.json'))).toBe(true);
  });
});
