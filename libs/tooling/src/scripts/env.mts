import { localEnvironment, shellLines } from './local-environment.mts';
import { cliConfiguration } from './provider-mirror.mts';
import type { Settings } from './settings.mts';

/** `make env`: lines for `eval "$(make -s env)"`. */
export async function env(settings: Settings): Promise<void> {
  console.log(shellLines(localEnvironment(settings, await cliConfiguration(settings))));
}
