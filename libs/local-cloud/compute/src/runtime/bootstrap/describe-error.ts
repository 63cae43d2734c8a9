import type { DescribedError } from './types';

/** Whatever was thrown, as Lambda's Node.js runtime reports it; what can't be read is `handled`. */
export function describeError(error: unknown): DescribedError {
  // \u007F stands for a percent sign in the runtime's own error texts; AWS replaces it everywhere.
  const clean = (text: string): string => text.replace(/\u007F/g, '%7F');
  try {
    const { name, message, stack } = error as Error;
    const isTold = [name, message, stack].every((text) => typeof text === 'string' && text !== '');
    if (!(error instanceof Error) && !isTold) {
      return { errorType: typeof error, errorMessage: (error as object).toString(), trace: [] };
    }
    return { errorType: clean(name), errorMessage: clean(message), trace: clean(stack ?? '').split('\n') };
  } catch {
    return {
      errorType: 'handled',
      errorMessage:
        'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack',
    };
  }
}
