import { zipSync } from 'fflate';

/** How large the zip of a bundle is: compressed as the executor `package` does it. */
export function zipBytes(bundle: Uint8Array): number {
  return zipSync({ 'index.js': bundle }, { level: 9 }).length;
}
