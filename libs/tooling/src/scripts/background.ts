import { ensurePrograms, runningProgram, stopProgram } from './background-program.ts';
import { stackConsole } from './console.ts';
import { localCloud } from './local-cloud.ts';
import { partners, passAddressesToTerraform } from './partners.ts';
import { consolePort, type Settings } from './settings.ts';

/**
 * Makes everything run that a local stack needs in the background: the local cloud, and the partners its consumers call.
 * Returns what it did, in words.
 * @throws UserError when another program has a port, or one of them doesn't get ready
 */
export async function ensureBackground(settings: Settings): Promise<string> {
  // It starts after the apply; until then it may not stand on a port that another is to have.
  const page = await runningProgram(stackConsole, settings);
  if (page !== undefined && page.port !== consolePort(settings)) await stopProgram(stackConsole, settings);
  const [cloud = '', beside = ''] = await ensurePrograms([localCloud, partners], settings);
  passAddressesToTerraform(settings);
  return `${cloud}; carrier and mail provider ${beside}`;
}

/** Stops all of it and keeps its state. Returns whether the local cloud ran. */
export async function stopBackground(settings: Settings): Promise<boolean> {
  const [stopped = false] = await Promise.all(
    [localCloud, partners, stackConsole].map((program) => stopProgram(program, settings)),
  );
  return stopped;
}
