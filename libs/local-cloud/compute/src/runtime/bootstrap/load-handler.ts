import type { FunctionHandler, NodeModules } from './types';

/**
 * Finds and loads the function named by `folder/module.export.path`: CommonJS, or ESM by extension or package.json.
 * Throws errors named as Lambda's runtime names them (Runtime.ImportModuleError, Runtime.HandlerNotFound …).
 */
export async function loadHandler(
  { fs, path, url }: NodeModules,
  taskRoot: string,
  handler: string,
  load: { require(path: string): unknown; import(url: string): Promise<unknown> },
): Promise<FunctionHandler> {
  const fault = (name: string, message: string): Error => Object.assign(new Error(message), { name });
  if (handler.includes('..')) {
    throw fault(
      'Runtime.MalformedHandlerName',
      `'${handler}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const base = path.basename(handler);
  const folder = handler.slice(0, handler.length - base.length);
  const [, moduleName, exportPath] = /^([^.]*)\.(.*)$/.exec(base) ?? [];
  if (!moduleName || !exportPath) throw fault('Runtime.MalformedHandlerName', 'Bad handler');

  const stem = path.resolve(taskRoot, folder, moduleName);
  const file = [stem, `${stem}.js`, `${stem}.mjs`, `${stem}.cjs`].find(
    (candidate) => fs.existsSync(candidate) && fs.statSync(candidate).isFile(),
  );
  if (file === undefined) {
    throw fault(
      'Runtime.ImportModuleError',
      `Error: Cannot find module '${moduleName}'\nRequire stack:\n- ${taskRoot}`,
    );
  }

  const isModule = (): boolean => {
    if (file.endsWith('.mjs')) return true;
    if (!file.endsWith('.js')) return false;
    for (let at = path.dirname(file); at.startsWith(taskRoot); at = path.dirname(at)) {
      const manifest = path.join(at, 'package.json');
      if (fs.existsSync(manifest))
        return (JSON.parse(fs.readFileSync(manifest, 'utf8')) as { type?: string }).type === 'module';
    }
    return false;
  };

  let loaded: unknown;
  try {
    loaded = isModule() ? await load.import(url.pathToFileURL(file).href) : load.require(file);
  } catch (error) {
    if (error instanceof SyntaxError) throw fault('Runtime.UserCodeSyntaxError', String(error));
    const code = (error as NodeJS.ErrnoException | null)?.code;
    if (code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND')
      throw fault('Runtime.ImportModuleError', String(error));
    throw error;
  }

  const found = exportPath
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], loaded);
  if (found === undefined || found === null)
    throw fault('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  if (typeof found !== 'function') throw fault('Runtime.HandlerNotFound', `${handler} is not a function`);
  return found as FunctionHandler;
}
