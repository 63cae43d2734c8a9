import { UserError, type Settings } from '../settings.ts';

/** Another emulator, and what the report calls it. */
export interface Peer {
  readonly url: string;
  readonly name: string;
}

/**
 * The other emulator to measure, if there is one: `VS=URL`, called by `VS_NAME` or else by its URL.
 * @throws UserError when it is no URL, such as a host and a port without `http://`
 */
export function peerOf({ environment }: Pick<Settings, 'environment'>): Peer | undefined {
  const given = environment['VS'] || undefined;
  if (given !== undefined && !(/^https?:\/\//.test(given) && URL.canParse(given))) {
    throw new UserError(`VS is the address of another emulator, such as http://127.0.0.1:4566, not ${given}`);
  }
  return given === undefined ? undefined : { url: given, name: environment['VS_NAME'] || given };
}
