import { zipSync } from 'fflate';

/** Path inside the archive (forward slashes) to content. */
export type ZipEntries = Readonly<Record<string, Uint8Array>>;

/** `-rw-r--r--` of a regular file, in the upper half where Unix keeps it. Lambda refuses code it can't read. */
const regularFileMode0644 = (0o100644 << 16) >>> 0;
const madeOnUnix = 3;

/**
 * The archive of `entries`: the same bytes for the same content, whatever the order of the entries, the time, the time
 * zone, the umask or the Node version. Terraform compares a hash of it, so equal source must mean "No changes".
 *
 * The deflate is pure JavaScript, because the output of Node's zlib differs between Node releases.
 */
export function reproducibleZip(entries: ZipEntries): Uint8Array {
  const sorted = Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1));
  return zipSync(Object.fromEntries(sorted), {
    level: 9,
    os: madeOnUnix,
    attrs: regularFileMode0644,
    // Zip times carry no zone and are written from local fields: midnight here is midnight in every zone.
    mtime: new Date(1980, 0, 1),
  });
}
