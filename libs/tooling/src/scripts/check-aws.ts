import { join } from 'node:path';
import { buildArtifacts } from './artifacts.ts';
import { buildHarness } from './chaos.ts';
import { runAttached } from './command.ts';
import { ensureLocalCloud } from './local-cloud.ts';
import { changed, localEnvironment } from './local-environment.ts';
import { terminalProgress } from './progress.ts';
import { cliConfiguration } from './provider-mirror.ts';
import { type Settings, UserError } from './settings.ts';

/**
 * `make check-aws`: the probes of docs/assumptions.md, on the account of the shell's credentials. `TARGET=local` runs the
 * same against the local cloud, started for it if it doesn't run.
 * @throws UserError when TARGET is neither, or the shell points at the local cloud while AWS is meant
 */
export async function checkAws(settings: Settings): Promise<number> {
  const { root, environment } = settings;
  const target = environment['TARGET'] || 'aws';
  if (target !== 'local' && target !== 'aws') throw new UserError(`TARGET is local or aws, not ${target}`);
  if (target === 'aws' && environment['AWS_ENDPOINT_URL']) {
    throw new UserError(
      'make check-aws asks AWS, and AWS_ENDPOINT_URL is set: this shell talks to the local cloud. Use a new shell, or TARGET=local.',
    );
  }
  const progress = terminalProgress(environment);
  if (target === 'local') {
    await progress.step('build', (report) => buildArtifacts(settings, 'all', report));
    await progress.step('local cloud', () => ensureLocalCloud(settings));
  }
  await progress.step('build probes', () => buildHarness(settings));
  return runAttached(process.execPath, [join(root, 'dist', 'apps', 'e2e', 'main.js'), 'check'], {
    cwd: root,
    environment:
      target === 'local'
        ? changed(environment, localEnvironment(settings, await cliConfiguration(settings)))
        : environment,
  });
}
