import type { ModuleHooks, NodeModules } from './types';

/**
 * Lets ES modules, too, be found by NODE_PATH, which Node itself heeds for CommonJS alone. Source: AWS Compute Blog,
 * "Node.js 18.x runtime now available in AWS Lambda": ES module resolution using NODE_PATH.
 */
export function installNodePath({ path, url }: NodeModules, hooks: ModuleHooks, nodePath: string): void {
  const parents = nodePath
    .split(path.delimiter)
    .filter((folder) => path.basename(folder) === 'node_modules')
    .map((folder) => url.pathToFileURL(path.join(folder, '..', 'resolve.mjs')).href);
  const isBare = (specifier: string): boolean => !/^(\.{0,2}\/|[a-z]+:)/.test(specifier);
  const isMissing = (error: unknown): boolean =>
    (error as NodeJS.ErrnoException | null | undefined)?.code === 'ERR_MODULE_NOT_FOUND';

  if (hooks.registerHooks) {
    hooks.registerHooks({
      resolve(specifier, context, next) {
        try {
          return next(specifier, context);
        } catch (error) {
          if (!isBare(specifier) || !isMissing(error)) throw error;
          for (const parentURL of parents) {
            try {
              return next(specifier, { ...context, parentURL });
            } catch (other) {
              if (!isMissing(other)) throw other;
            }
          }
          throw error;
        }
      },
    });
    return;
  }
  // Node 20 has hooks in a thread of their own only, which take their code as text.
  const source = `const parents = ${JSON.stringify(parents)};
export async function resolve(specifier, context, next) {
  try {
    return await next(specifier, context);
  } catch (error) {
    if (/^(\\.{0,2}\\/|[a-z]+:)/.test(specifier) || error?.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    for (const parentURL of parents) {
      try {
        return await next(specifier, { ...context, parentURL });
      } catch (other) {
        if (other?.code !== 'ERR_MODULE_NOT_FOUND') throw other;
      }
    }
    throw error;
  }
}`;
  hooks.register?.(`data:text/javascript,${encodeURIComponent(source)}`);
}
