import { localEnvironment, shellLines } from './local-environment.ts';
import { cliConfiguration } from './provider-mirror.ts';
import type { Settings } from './settings.ts';

/** `make env`: lines for `eval "$(make -s env)"`. */
export async function env(settings: Settings): Promise<void> {
  console.log(shellLines(localEnvironment(settings, await cliConfiguration(settings))));
}
