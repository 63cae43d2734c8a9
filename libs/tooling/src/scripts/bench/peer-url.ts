import { UserError, type Settings } from '../settings.ts';

/**
 * The other emulator to measure, if one is named: `VS=URL`.
 * @throws UserError when it is no URL, such as a host and a port without `http://`
 */
export function peerUrl({ environment }: Pick<Settings, 'environment'>): string | undefined {
  const given = environment['VS'] || undefined;
  if (given !== undefined && !(/^https?:\/\//.test(given) && URL.canParse(given))) {
    throw new UserError(`VS is the address of another emulator, such as http://127.0.0.1:4566, not ${given}`);
  }
  return given;
}
