import type { DescribedError } from './types';

/** Whatever was thrown, as Lambda's Node.js runtime reports it. */
export function describeError(error: unknown): DescribedError {
  const isError =
    error instanceof Error || (typeof error === 'object' && error !== null && 'message' in error && 'stack' in error);
  if (!isError) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  const { name, message, stack } = error as Error;
  // \u007F stands for a percent sign in the runtime's own error texts; AWS replaces it everywhere.
  const clean = (text: unknown): string => String(text ?? '').replace(/\u007F/g, '%7F');
  return { errorType: clean(name), errorMessage: clean(message), trace: clean(stack).split('\n') };
}
