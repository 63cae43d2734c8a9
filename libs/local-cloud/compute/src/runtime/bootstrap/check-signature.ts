import type { FunctionHandler, RuntimeErrors } from './types';

/**
 * From Node.js 24 on, Lambda runs no handlers that take a callback: it goes by how many parameters they declare.
 * Source: Lambda developer guide, "Define Lambda function handler in Node.js".
 * @throws the runtime's own error for such a handler
 */
export function checkSignature(handler: FunctionHandler, nodeVersion: string, runtimeError: RuntimeErrors): void {
  if (handler.length < 3 || Number.parseInt(nodeVersion, 10) < 24) return;
  throw runtimeError(
    'CallbackHandlerDeprecated',
    'Lambda has removed support for handlers that take a callback from Node.js 24 on. Return a promise instead, and declare two parameters at most.',
  );
}
