import { dirname, join } from 'node:path';
import { changed, localEnvironment, quoted, shellLines } from './local-environment.ts';
import { cliConfiguration } from './provider-mirror.ts';
import { awsCli, programs } from './requirements.cjs';
import type { Settings } from './settings.ts';

/** `make env`: lines for `eval "$(make -s env)"`, and a comment where the AWS CLI of this machine would call AWS. */
export async function env(settings: Settings): Promise<void> {
  const change = localEnvironment(settings, await cliConfiguration(settings));
  console.log(shellLines(change));
  const { callsAws, text } = awsCli(changed(settings.environment, change));
  if (callsAws) console.log(`# ${text}`);
  for (const [, path] of programs()) console.log(pathLine(dirname(join(settings.root, path))));
}

/** A line that puts a folder at the end of a POSIX shell's PATH, unless it is in it already. */
export function pathLine(folder: string): string {
  const entry = quoted(folder);
  return `case ":$PATH:" in *:${entry}:*) ;; *) export PATH="$PATH":${entry} ;; esac`;
}
