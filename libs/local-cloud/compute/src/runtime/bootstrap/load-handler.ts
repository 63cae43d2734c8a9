import type { FunctionHandler, NodeModules, RuntimeErrors } from './types';

/**
 * Finds and loads the function named by `folder/module.export.path`: CommonJS, or ESM by extension or package.json.
 * Throws errors named as Lambda's runtime names them (Runtime.ImportModuleError, Runtime.HandlerNotFound …).
 * Source: aws/aws-lambda-nodejs-runtime-interface-client.
 */
export async function loadHandler(
  { fs, path, url }: NodeModules,
  taskRoot: string,
  handler: string,
  load: { require(path: string): unknown; import(url: string): Promise<unknown> },
  runtimeError: RuntimeErrors,
): Promise<FunctionHandler> {
  if (handler.includes('..')) {
    throw runtimeError(
      'MalformedHandlerName',
      `'${handler}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const base = path.basename(handler);
  const folder = handler.slice(0, handler.length - base.length);
  const [, moduleName, exportPath] = /^([^.]*)\.(.*)$/.exec(base) ?? [];
  if (!moduleName || !exportPath) throw runtimeError('MalformedHandlerName', 'Bad handler');

  const stem = path.resolve(taskRoot, folder, moduleName);
  const file = [stem, `${stem}.js`, `${stem}.mjs`, `${stem}.cjs`].find(
    (candidate) => fs.existsSync(candidate) && fs.statSync(candidate).isFile(),
  );
  if (file === undefined) {
    throw runtimeError('ImportModuleError', `Error: Cannot find module '${moduleName}'\nRequire stack:\n- ${taskRoot}`);
  }

  const isModule = (): boolean => {
    if (file.endsWith('.mjs')) return true;
    if (!file.endsWith('.js')) return false;
    for (let at = path.dirname(file); at.startsWith(taskRoot); at = path.dirname(at)) {
      const manifest = path.join(at, 'package.json');
      if (!fs.existsSync(manifest)) continue;
      try {
        return (JSON.parse(fs.readFileSync(manifest, 'utf8')) as { type?: string } | null)?.type === 'module';
      } catch {
        return false;
      }
    }
    return false;
  };

  const refuseStreaming = (): never => {
    throw new Error(
      'The local cloud does not support response streaming (awslambda.streamifyResponse). See docs/reference/local-cloud.md.',
    );
  };
  Object.assign(globalThis, {
    awslambda: { streamifyResponse: refuseStreaming, HttpResponseStream: { from: refuseStreaming } },
  });

  let loaded: unknown;
  try {
    loaded = isModule() ? await load.import(url.pathToFileURL(file).href) : load.require(file);
  } catch (error) {
    if (error instanceof SyntaxError) throw runtimeError('UserCodeSyntaxError', String(error));
    // An import that isn't found has another code (ERR_MODULE_NOT_FOUND); Lambda reports that error unchanged.
    if ((error as NodeJS.ErrnoException | null | undefined)?.code === 'MODULE_NOT_FOUND')
      throw runtimeError('ImportModuleError', String(error));
    throw error;
  }

  const found = exportPath
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], loaded);
  if (!found) throw runtimeError('HandlerNotFound', `${handler} is undefined or not exported`);
  if (typeof found !== 'function') throw runtimeError('HandlerNotFound', `${handler} is not a function`);
  return found as FunctionHandler;
}
