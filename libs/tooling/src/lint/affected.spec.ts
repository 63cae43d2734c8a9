import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '..', '..', '..', '..');

/** Projects whose specs read files outside of project folders: `nx affected` must pick them when such a file changes. */
const READERS: Readonly<Record<string, readonly string[]>> = {
  'README.md': ['outbox-package', 'tooling'],
  'CHANGELOG.md': ['tooling'],
  Makefile: ['tooling'],
  '.ci/run': ['tooling'],
  '.github/workflows/ci.yml': ['tooling'],
  'docs/adopt.md': ['outbox-package', 'tooling'],
  'docs/runbooks/alarms.md': ['tooling'],
  'docs/reference/asyncapi.json': ['orders-events'],
  'docs/reference/costs.md': ['prices'],
  'docs/reference/http.md': ['orders-api'],
  'docs/reference/local-cloud.md': ['local-cloud', 'local-cloud-package'],
  'docs/reference/openapi.json': ['orders-api'],
  'docs/reference/outboxctl-output.json': ['outboxctl'],
  'docs/reference/permissions.md': ['local-cloud'],
  'terraform/variables.tf': ['orders-events', 'tooling'],
  'terraform/modules/observability/pipeline.tf': ['outbox-package', 'prices', 'tooling'],
  'libs/outbox/rules/src/append.ts': [
    'inbox-dynamodb',
    'orders-api',
    'outbox-commands',
    'outbox-dynamodb',
    'outboxctl',
  ],
  'package-lock.json': ['local-cloud-kernel', 'orders-domain', 'prices', 'tooling'],
};

/** Nx makes its graph once for all files. Its command line takes seconds for each. */
const SCRIPT = `
  const { createProjectGraphAsync } = require('@nx/devkit');
  const { dirname, join } = require('node:path');
  const { filterAffected } = require(join(dirname(require.resolve('nx/package.json')), 'dist/src/project-graph/affected/affected-project-graph.js'));
  (async () => {
    const graph = await createProjectGraphAsync();
    const affected = {};
    for (const file of JSON.parse(process.argv[1])) {
      affected[file] = Object.keys((await filterAffected(graph, [{ file, hash: '', getChanges: () => [] }])).nodes);
    }
    process.stdout.write(JSON.stringify(affected), () => process.exit(0));
  })();`;

describe('nx affected', () => {
  it('picks every project whose specs read the file that changed', () => {
    const printed = execFileSync(process.execPath, ['-e', SCRIPT, JSON.stringify(Object.keys(READERS))], {
      cwd: root,
      env: { ...process.env, NX_DAEMON: 'false' },
      encoding: 'utf8',
    });
    const affected = JSON.parse(printed) as Record<string, string[]>;
    const missed = Object.entries(READERS).flatMap(([file, readers]) =>
      readers.filter((project) => !affected[file]?.includes(project)).map((project) => `${file}: ${project}`),
    );
    expect(missed).toEqual([]);
    expect(affected['docs/runbooks/alarms.md']).toEqual(['tooling']);
  }, 120_000);
});
