import { dirname, join } from 'node:path';
import {
  changed,
  type EnvironmentChange,
  localAccess,
  localEnvironment,
  quoted,
  shellLines,
} from './local-environment.ts';
import { type CliConfiguration, cliConfiguration } from './provider-mirror.ts';
import { awsCli, programs } from './requirements.cjs';
import { type Settings, wantsNoStack } from './settings.ts';

/** `make env`: lines for `eval "$(make -s env)"`, and a comment where the AWS CLI of this machine would call AWS. */
export async function env(settings: Settings): Promise<void> {
  const change = wantedEnvironment(settings, await cliConfiguration(settings));
  console.log(shellLines(change));
  const { callsAws, text } = awsCli(changed(settings.environment, change));
  if (callsAws) console.log(`# ${text}`);
  for (const [, path] of programs()) console.log(pathLine(dirname(join(settings.root, path))));
}

/**
 * What `make env` changes in a shell. With STACK=none Terraform is told of the local cloud alone: it works on the
 * configuration that the shell is in, with the state of that.
 */
export function wantedEnvironment(settings: Settings, cli: CliConfiguration): EnvironmentChange {
  return wantsNoStack(settings) ? localAccess(settings, cli) : localEnvironment(settings, cli);
}

/** A line that puts a folder at the end of a POSIX shell's PATH, unless it is in it already. */
export function pathLine(folder: string): string {
  const entry = quoted(folder);
  return `case ":$PATH:" in *:${entry}:*) ;; *) export PATH="$PATH":${entry} ;; esac`;
}
