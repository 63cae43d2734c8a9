import { join } from 'node:path';
import { buildArtifacts, buildHarness } from './artifacts.ts';
import { runAttached } from './command.ts';
import { exclusively } from './exclusively.ts';
import { ensureLocalCloud } from './local-cloud.ts';
import { changed, localEnvironment } from './local-environment.ts';
import { terminalProgress } from './progress.ts';
import { cliConfiguration } from './provider-mirror.ts';
import { type Settings, wantedTarget } from './settings.ts';

/**
 * `make check-aws`: the probes of docs/assumptions.md, on the account of the shell's credentials. `TARGET=local` runs the
 * same against the local cloud, started for it if it doesn't run.
 * @throws UserError when TARGET is neither, or the shell points at the local cloud while AWS is meant
 */
export async function checkAws(settings: Settings): Promise<number> {
  const { root, environment } = settings;
  const target = wantedTarget(settings, 'aws');
  const progress = terminalProgress(environment);
  if (target === 'local') {
    await progress.step('build', (report) => buildArtifacts(settings, 'all', report));
    await progress.step('local cloud', () => exclusively(settings, 'stack', () => ensureLocalCloud(settings)));
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
