import { cp, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** What a module is made of; its tests, and what Terraform leaves in its folder, are not. */
const PARTS = /\.(tf|tftpl|json|md)$/;
const LEFT_OUT = /(^|\/)(tests|\.[^/]*)(\/|$)/;

/** Copies a folder of Terraform modules as whoever calls them needs it. */
export async function copyModules(from: string, to: string): Promise<void> {
  const found = await readdir(from, { recursive: true, withFileTypes: true });
  for (const file of found.filter((entry) => entry.isFile())) {
    const path = relative(from, join(file.parentPath, file.name)).split(sep).join('/');
    if (PARTS.test(path) && !LEFT_OUT.test(path)) await cp(join(from, path), join(to, path));
  }
}
