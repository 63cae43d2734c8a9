import { runAttached } from './command.ts';
import { nxEnvironment } from './nx.ts';
import type { Settings } from './settings.ts';

/** Runs an Nx generator of this workspace on this terminal, with the options that have a value. Returns its exit code. */
export function generate(
  { root, environment }: Settings,
  generator: 'consumer' | 'aggregate',
  options: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const given = Object.entries(options).filter(([, value]) => value);
  const args = given.map(([name, value]) => `--${name}=${value}`);
  return runAttached('nx', ['generate', `./libs/tooling:${generator}`, ...args], {
    cwd: root,
    environment: { ...environment, ...nxEnvironment },
  });
}
