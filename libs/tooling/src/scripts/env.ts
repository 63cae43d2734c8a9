import { changed, localEnvironment, shellLines } from './local-environment.ts';
import { cliConfiguration } from './provider-mirror.ts';
import { awsCli } from './requirements.cjs';
import type { Settings } from './settings.ts';

/** `make env`: lines for `eval "$(make -s env)"`, and a comment where the AWS CLI of this machine would call AWS. */
export async function env(settings: Settings): Promise<void> {
  const change = localEnvironment(settings, await cliConfiguration(settings));
  console.log(shellLines(change));
  const { callsAws, text } = awsCli(changed(settings.environment, change));
  if (callsAws) console.log(`# ${text}`);
}
