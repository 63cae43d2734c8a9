import { buildArtifacts } from './artifacts.mts';
import { terminalProgress } from './progress.mts';
import type { Settings } from './settings.mts';

/** `make build`: `dist/apps/<app>/<app>.zip` for every function. */
export async function build(settings: Settings): Promise<void> {
  await terminalProgress(settings.environment).step('build', (report) => buildArtifacts(settings, 'functions', report));
}
