import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * What a Node.js runtime brings beside the function's own code. Source: Lambda developer guide, "Runtime-included SDK
 * versions". Nothing else of what is installed here may be found, or a function would lack it on AWS.
 */
const SCOPES: readonly string[] = ['@aws-sdk', '@smithy'];

/**
 * Makes the folder of modules that every function finds: links to the AWS SDK as it is installed where the local cloud
 * runs. A client that isn't installed there isn't found, where AWS has all of them.
 * @param folder where `node_modules` is made anew
 * @param from folders from which the SDK is looked for; those of the process and of the engine unless told
 * @returns the `node_modules` folder
 */
export function linkRuntimeModules(folder: string, from: readonly string[] = [process.cwd(), __dirname]): string {
  const modules = join(folder, 'node_modules');
  rmSync(modules, { recursive: true, force: true });
  mkdirSync(modules, { recursive: true });
  for (const scope of SCOPES) {
    const found = from
      .flatMap((start) => createRequire(join(start, 'resolve.js')).resolve.paths(`${scope}/x`) ?? [])
      .map((place) => join(place, scope))
      .find((place) => existsSync(place));
    if (found !== undefined) symlinkSync(found, join(modules, scope), 'dir');
  }
  return modules;
}
