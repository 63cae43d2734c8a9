import { buildArtifacts } from './artifacts.ts';
import { terminalProgress } from './progress.ts';
import type { Settings } from './settings.ts';

/** `make build`: `dist/apps/<app>/<app>.zip` for every function. */
export async function build(settings: Settings): Promise<void> {
  await terminalProgress(settings.environment).step('build', (report) => buildArtifacts(settings, 'functions', report));
}
